"use client";
import { ChevronDown, History } from "lucide-react";
import { useState } from "react";
import { useZone } from "#components/time/zone.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { FailureGroupRow } from "#lib/contracts/failures.ts";
import { TriageDialog, type TriageDraft } from "./triage-dialog.tsx";
import { triageSentence } from "./triage-words.ts";

/** State tags, for the list and the page. */
export const TriageTags = ({ row }: { readonly row: FailureGroupRow }) => (
  <>
    {row.state === "snoozed" && <Tag tone="warn">SNOOZED</Tag>}
    {row.triage?.reopened === "came_back" && <Tag tone="bad">CAME BACK</Tag>}
    {row.triage?.reopened === "got_worse" && <Tag tone="bad">GOT WORSE</Tag>}
    {row.newSinceDeployAt !== null && (
      <Tag tone="accent" title="Not seen before the last deploy of its group">
        NEW SINCE DEPLOY
      </Tag>
    )}
    {row.merged > 0 && <Tag>+{row.merged} MERGED</Tag>}
  </>
);

/** Resolve, snooze, merge or reopen. */
export function TriageMenu({ row }: { readonly row: FailureGroupRow }) {
  const [draft, setDraft] = useState<TriageDraft | null>(null);
  const choose = (action: TriageDraft["action"]) => () => setDraft({ action, fingerprint: row.fingerprint });
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button>
            Triage <ChevronDown />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {row.state !== "resolved" && <DropdownMenuItem onSelect={choose("resolve")}>Resolve…</DropdownMenuItem>}
          {row.state !== "resolved" && <DropdownMenuItem onSelect={choose("snooze")}>Snooze…</DropdownMenuItem>}
          {row.triage !== null && row.triage.reopened === null && (
            <DropdownMenuItem onSelect={choose("reopen")}>Reopen…</DropdownMenuItem>
          )}
          <DropdownMenuItem onSelect={choose("merge")}>Merge into another…</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <TriageDialog draft={draft} onClose={() => setDraft(null)} />
    </>
  );
}

/** The last triage decision, as a sentence. */
export function TriageLine({ row }: { readonly row: FailureGroupRow }) {
  const [zone] = useZone();
  const sentence = triageSentence(row, zone);
  if (sentence === null) return null;
  return (
    <p
      role="status"
      className={cn(
        "flex items-center gap-2 rounded-lg border px-3.5 py-2",
        row.state === "open" ? "border-badline bg-badbg text-bad" : "border-line bg-panel text-mut",
      )}
    >
      <History aria-hidden className="size-4 shrink-0" /> <span className="min-w-0 break-words">{sentence}</span>
    </p>
  );
}
