"use client";
import { ChevronDown, History } from "lucide-react";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useZone } from "#components/time/zone.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { FailureGroupRow, FailureGroupView } from "#lib/contracts/failures.ts";
import { TriageDialog, type TriageDraft } from "./triage-dialog.tsx";
import { triageSentence } from "./triage-words.ts";
import { useFailureNote } from "./use-failure-triage.ts";

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

/** Notes, and the failures merged into this one. */
export function NotesCard({ view }: { readonly view: FailureGroupView }) {
  const [text, setText] = useState("");
  const [split, setSplit] = useState<TriageDraft | null>(null);
  const note = useFailureNote(view.row.fingerprint);
  const refusal = useWriteRefusal();
  return (
    <Card>
      <CardHeader title="Notes">
        <span className="font-mono text-xs text-dim">{view.row.fingerprint}</span>
        <CopyButton what="the fingerprint" value={view.row.fingerprint} />
      </CardHeader>
      <CardBody className="flex flex-col gap-3">
        {view.merged.length > 0 && (
          <ul className="flex flex-col gap-1" aria-label="Merged failures">
            {view.merged.map(({ fingerprint, title }) => (
              <li key={fingerprint} className="flex items-center gap-2 text-mut">
                <span className="min-w-0 flex-1 truncate">
                  <BrokerText text={title ?? fingerprint} maxLength={120} />
                </span>
                <Button size="sm" variant="ghost" onClick={() => setSplit({ action: "split", fingerprint })}>
                  Unmerge…
                </Button>
              </li>
            ))}
          </ul>
        )}
        {view.notes.map(({ id, at, by, text: noteText }) => (
          <div key={id}>
            <p className="text-xs text-dim">
              <bdi>{by}</bdi> · <RelativeTime at={at} />
            </p>
            {noteText.split(/\r?\n/).map((line, i) => (
              <p key={i} className="min-h-4 break-words">
                <BrokerText text={line} maxLength={4000} />
              </p>
            ))}
          </div>
        ))}
        <form
          className="flex flex-col gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            note.mutate({ text: text.trim() }, { onSuccess: () => setText("") });
          }}
        >
          <Textarea
            aria-label="Note"
            placeholder="What is known, who is working on it…"
            maxLength={4000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="flex items-center gap-2">
            {refusal !== null && <p className="min-w-0 flex-1 text-xs text-warn">{refusal}</p>}
            <Button
              type="submit"
              size="sm"
              className="ml-auto"
              disabled={text.trim() === "" || refusal !== null || note.isPending}
            >
              Add note
            </Button>
          </div>
        </form>
      </CardBody>
      <TriageDialog draft={split} onClose={() => setSplit(null)} />
    </Card>
  );
}
