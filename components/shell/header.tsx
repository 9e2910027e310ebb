"use client";
import { Menu, Search } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Sheet, SheetContent, SheetTrigger } from "#components/ui/sheet.tsx";
import { Brand } from "./brand.tsx";
import { ClusterControl } from "./cluster-status.tsx";
import { Nav } from "./nav.tsx";
import { UserMenu } from "./user-menu.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { WindowControl, LiveTag } from "./time-controls.tsx";

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
