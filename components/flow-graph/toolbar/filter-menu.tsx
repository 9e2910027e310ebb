"use client";
import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { useState, type ReactNode } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";

export interface FilterSection {
  readonly title: string;
  readonly values: readonly string[];
  readonly selected: string | null;
  readonly onChoose: (value: string | null) => void;
}
interface FilterMenuProps {
  readonly label: ReactNode;
  /** The accessible name, and the placeholder of the search field. */
  readonly hint: string;
  readonly sections: readonly FilterSection[];
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
}

const MOST_SHOWN = 300;

/** A searchable list of filter values; selecting the current value clears it. */
export function FilterMenu({ label, hint, sections, ...controlled }: FilterMenuProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const open = controlled.open ?? ownOpen;
  const setOpen = controlled.onOpenChange ?? setOwnOpen;
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = sections
    .map((section) => ({
      ...section,
      values: section.values.filter((value) => value.toLowerCase().includes(wanted)).slice(0, MOST_SHOWN),
    }))
    .filter((section) => section.values.length > 0);
  const active = sections.some((section) => section.selected !== null);
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setText("");
      }}
    >
      <PopoverTrigger asChild>
        <Button variant="outline" size="lg" className={active ? "border-acc/60 text-text" : ""} aria-label={hint}>
          {label}
          <ChevronDown className="!size-3.5 text-dim" />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="start" className="p-0" aria-label={hint}>
        <Command label={hint} shouldFilter={false}>
          <Command.Input
            value={text}
            onValueChange={setText}
            placeholder={hint}
            aria-label={hint}
            className="h-9 w-full border-b bg-transparent px-3 outline-none placeholder:text-dim"
          />
          <Command.List className="max-h-72 overflow-y-auto p-1">
            {found.length === 0 && <p className="px-2 py-3 text-dim">No matches in this time range.</p>}
            {found.map((section) => (
              <Command.Group
                key={section.title}
                heading={section.title}
                className={cn(
                  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5",
                  "[&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-dim",
                )}
              >
                {section.values.map((value) => (
                  <Command.Item
                    key={value}
                    value={`${section.title} ${value}`}
                    onSelect={() => {
                      section.onChoose(section.selected === value ? null : value);
                      setOpen(false);
                    }}
                    className="flex h-8 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-raise"
                  >
                    <Check aria-hidden className={section.selected === value ? "size-3.5" : "size-3.5 opacity-0"} />
                    <BrokerText text={value} className="truncate" maxLength={60} />
                  </Command.Item>
                ))}
              </Command.Group>
            ))}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  );
}
