"use client";
import { RotateCcw, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { Loaded } from "#components/page/loaded.tsx";
import { OffsetResetForm } from "#components/replays/offset-reset-form.tsx";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import type { RedriveSelection } from "#components/replays/redrive-choice.ts";
import { ReplayDraft } from "#components/replays/replay-draft.tsx";
import { SkipForm } from "#components/replays/skip-form.tsx";
import { skipOf } from "#components/replays/skip-target.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { useGroupFailures } from "./group-failures.tsx";

/**
 * The ways to send a group its events again, or past one of them: move its offsets while it is empty, or republish
 * its dead letters.
 */
export function GroupReplay({ view }: { readonly view: GroupView }) {
  const [draft, setDraft] = useState<ReplayView | null>(null);
  const [skip, setSkip] = useQueryState("skip", parseAsString);
  const target = skipOf(skip);
  const close = () => {
    setDraft(null);
    void setSkip(null);
  };
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]">
      <div className="flex min-w-0 flex-col gap-3">
        {target === null ? (
          <OffsetResetForm view={view} onDraft={setDraft} />
        ) : (
          <SkipForm key={skip} group={view.row} target={target} onDraft={setDraft} onClose={close} />
        )}
        {draft !== null && <ReplayDraft key={draft.row.id} view={draft} onDiscard={() => setDraft(null)} />}
      </div>
      <DeadLetters view={view} />
    </div>
  );
}

function DeadLetters({ view: { row } }: { readonly view: GroupView }) {
  const query = useGroupFailures(row.cluster, row.group);
  const [selection, setSelection] = useState<RedriveSelection | null>(null);
  return (
    <Card>
      <CardHeader title="Send dead letters again" />
      <Loaded query={query} what="The group’s dead letters">
        {(list) => {
          const open = list.items.filter((one) => one.open > 0 && one.kind === "dead_letter");
          if (open.length === 0)
            return (
              <EmptyState icon={ShieldCheck} title="No open dead letters">
                Events this group gives up on are listed here, and can be sent to it again once the cause is fixed.
              </EmptyState>
            );
          return (
            <ul>
              {open.slice(0, 50).map((failure) => (
                <li key={failure.fingerprint} className="flex items-center gap-3 border-t px-3.5 py-2">
                  <div className="min-w-0 flex-1">
                    <Link
                      href={pages.failure(failure.fingerprint)}
                      className="block truncate font-medium hover:underline"
                    >
                      <BrokerText text={failure.title} maxLength={100} />
                    </Link>
                    <p className="truncate text-dim">
                      <b className="font-semibold text-text">{count(failure.open)}</b> open ·{" "}
                      <BrokerText text={failure.topics.join(", ")} maxLength={60} />
                    </p>
                  </div>
                  <Button
                    onClick={() =>
                      setSelection({
                        select: { by: "fingerprint", fingerprint: failure.fingerprint },
                        items: failure.open,
                      })
                    }
                  >
                    <RotateCcw /> Replay…
                  </Button>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <RedriveDialog selection={selection} onClose={() => setSelection(null)} groups={[row.group]} group={row.group} />
    </Card>
  );
}
