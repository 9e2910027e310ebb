"use client";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import type { FailureGroupView } from "#lib/contracts/failures.ts";
import { TriageDialog, type TriageDraft } from "./triage-dialog.tsx";
import { useFailureNote } from "./use-failure-triage.ts";

/** Notes, and the failures merged into this one. */
export function FailureNotes({ view }: { readonly view: FailureGroupView }) {
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
