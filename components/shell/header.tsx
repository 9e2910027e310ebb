"use client";
import { Menu, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { WINDOWS_MINUTES, useAt, useTimeWindow } from "#components/time/time-window.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { ClockTime } from "#components/time/relative-time.tsx";
import { Sheet, SheetContent, SheetTrigger } from "#components/ui/sheet.tsx";
import { Brand } from "./brand.tsx";
import { ClusterControl, StatusDot } from "./cluster-status.tsx";
import { useLive } from "./live.tsx";
import { Nav, NAV_ITEMS } from "./nav.tsx";
import { UserMenu } from "./user-menu.tsx";

export function Header({ onSearch, onHelp }: { readonly onSearch: () => void; readonly onHelp: () => void }) {
  return (
    <header className="flex h-[52px] print:hidden shrink-0 items-center gap-2.5 border-b px-4 max-md:px-3">
      <PhoneNav />
      <ClusterControl />
      <Breadcrumb />
      <div className="grow" />
      <button
        type="button"
        onClick={onSearch}
        className={cn(
          "flex h-8 w-[300px] min-w-0 shrink items-center gap-2 rounded-md border border-line2 bg-panel px-2.5",
          "text-mut hover:text-text max-xl:w-56 max-md:size-8 max-md:justify-center max-md:p-0",
        )}
        aria-label="Search traces, keys, topics and groups"
      >
        <Search aria-hidden className="size-4 shrink-0 md:hidden" strokeWidth={1.5} />
        <span className="truncate max-md:hidden">Search traces, keys, topics, groups</span>
        <Kbd className="ml-auto max-md:hidden">⌘K</Kbd>
      </button>
      <WindowControl />
      <LiveTag />
      <UserMenu onHelp={onHelp} />
    </header>
  );
}

function PhoneNav() {
  const [open, setOpen] = useState(false);
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" className="md:hidden" aria-label="Menu">
          <Menu />
        </Button>
      </SheetTrigger>
      <SheetContent
        side="left"
        title={
          <span className="flex items-center gap-2.5">
            <Brand /> Flowtap
          </span>
        }
      >
        <Nav variant="wide" onGo={() => setOpen(false)} />
      </SheetContent>
    </Sheet>
  );
}

/** The section, then the page: `/groups/prod/payments` → Groups / payments. */
function Breadcrumb() {
  const [root = "", ...rest] = usePathname().slice(1).split("/");
  const section = NAV_ITEMS.find((one) => one.root === `/${root}`);
  if (!section) return null;
  const leaf = rest.at(-1);
  return (
    <nav aria-label="Breadcrumb" className="ml-1 flex min-w-0 items-center gap-1.5 text-mut max-lg:hidden">
      {leaf === undefined ? (
        <span>{section.name}</span>
      ) : (
        <>
          <Link href={section.href(undefined)} className="hover:text-text">
            {section.name}
          </Link>
          <span className="text-dim">/</span>
          <span className="truncate text-text">
            <BrokerText text={decoded(leaf)} maxLength={40} />
          </span>
        </>
      )}
    </nav>
  );
}
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // no valid encoding: shown as it is
  }
};

const rangeLabel = (minutes: number) =>
  minutes < 60 ? `${minutes} min` : minutes === 1440 ? "24 h" : `${minutes / 60} h`;

function WindowControl() {
  const [minutes, setMinutes] = useTimeWindow();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="lg" className="max-sm:hidden">
          Last <strong className="font-medium text-text">{rangeLabel(minutes)}</strong>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuRadioGroup value={String(minutes)} onValueChange={(value) => setMinutes(Number(value))}>
          {WINDOWS_MINUTES.map((one) => (
            <DropdownMenuRadioItem key={one} value={String(one)}>
              Last {rangeLabel(one)}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Whether the page is live, or the time it shows; a click changes between the two. */
function LiveTag() {
  const [at, setAt] = useAt();
  const { connection } = useLive();
  if (at)
    return (
      <Button
        variant="outline"
        size="lg"
        className="border-warnline text-warn hover:text-warn"
        onClick={() => setAt(null)}
        title="Back to live"
      >
        <span className="max-sm:hidden">As of</span> <ClockTime at={at} />{" "}
        <span className="text-text max-md:hidden">· Live</span>
      </Button>
    );
  const live = connection === "open";
  return (
    <Button
      variant="outline"
      size="lg"
      className={live ? "border-okline text-ok hover:text-ok" : "border-warnline text-warn hover:text-warn"}
      onClick={() => setAt(new Date())}
      title="Pause at the current time"
    >
      <StatusDot className="mr-0.5" />
      {live ? "Live" : connection === "connecting" ? "Connecting" : "Reconnecting"}
    </Button>
  );
}
