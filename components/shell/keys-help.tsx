"use client";
import { Fragment } from "react";
import { Dialog, DialogContent } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { NAV_ITEMS } from "./nav-items.ts";

const SECTIONS: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, action: string])[];
}[] = [
  {
    title: "Anywhere",
    keys: [
      ["⌘K", "search"],
      ["/", "filter"],
      ["?", "show this help"],
      ["esc", "close or deselect"],
      ...NAV_ITEMS.map((item): [string, string] => [`g ${item.key}`, item.name]),
    ],
  },
  {
    title: "Flow",
    keys: [
      ["f", "fit the graph"],
      ["l", "list or graph"],
      ["space", "pause or go live"],
      ["↑ ↓ ← →", "move between nodes"],
      ["n", "show only the neighborhood"],
      ["c", "show or hide causes"],
      ["e", "export"],
    ],
  },
  {
    title: "Lists",
    keys: [
      ["j k", "next, previous row"],
      ["enter", "open"],
    ],
  },
];

export function KeysHelp({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keyboard shortcuts" className="max-w-2xl">
        <div className="grid gap-6 sm:grid-cols-3">
          {SECTIONS.map((section) => (
            <section key={section.title}>
              <h3 className="mb-2 text-xs font-medium text-mut">{section.title}</h3>
              <dl className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1.5">
                {section.keys.map(([keys, action]) => (
                  <Fragment key={keys}>
                    <dt>
                      <Kbd>{keys}</Kbd>
                    </dt>
                    <dd className="text-mut">{action}</dd>
                  </Fragment>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  );
}
