"use client";
import { Clock, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useZone } from "#components/time/zone.ts";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { toast } from "#components/ui/toast.tsx";
import { onSite } from "#lib/client/base-path.ts";
import { api, pages } from "#lib/client/routes.ts";
import { useSession } from "./use-session.ts";

/** The signed-in user, with theme, time zone and help. */
export function UserMenu({ onHelp }: { readonly onHelp: () => void }) {
  const session = useSession();
  const { theme = "dark", setTheme } = useTheme();
  const [zone, setZone] = useZone();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="outline"
          size="icon"
          className="rounded-full text-xs"
          aria-label={session ? `${session.name}, ${session.role}: menu` : "Menu"}
        >
          {initials(session?.name)}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-52">
        {session && (
          <DropdownMenuLabel>
            {session.name} · {session.role}
          </DropdownMenuLabel>
        )}
        <DropdownMenuRadioGroup value={theme} onValueChange={setTheme}>
          <DropdownMenuRadioItem value="dark">
            <Moon /> Dark
          </DropdownMenuRadioItem>
          <DropdownMenuRadioItem value="light">
            <Sun /> Light
          </DropdownMenuRadioItem>
          <DropdownMenuRadioItem value="system">
            <Monitor /> System
          </DropdownMenuRadioItem>
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => setZone(zone === "utc" ? "local" : "utc")}>
          <Clock /> Show times in {zone === "utc" ? "local time" : "UTC"}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={onHelp}>
          <Keyboard /> Keyboard shortcuts <span className="ml-auto text-dim">?</span>
        </DropdownMenuItem>
        {session && !session.demo && (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuItem onSelect={() => void signOut()}>
              <LogOut /> Sign out
            </DropdownMenuItem>
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

const initials = (name: string | undefined) => (name ? name.slice(0, 2).toUpperCase() : "··");

async function signOut() {
  try {
    const response = await fetch(onSite(api.session()), { method: "DELETE" });
    if (!response.ok) throw new Error(`Flowtap answered with status ${response.status}.`);
    location.assign(onSite(pages.signIn()));
  } catch (error) {
    toast.failed("Sign-out failed", error);
  }
}
