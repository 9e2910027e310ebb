"use client";
import { Play, X } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { plural } from "#components/ui/format.ts";
import { Label, Textarea } from "#components/ui/input.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { WaitChoice } from "./connected.tsx";
import { NamedTargets } from "./named-targets.tsx";
import { StaleChoice } from "./stale-choice.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useCancelReplay, useChooseItems, useRunReplay } from "./use-replay.ts";

const SHORTEST_REASON = 3;

/**
 * A plan before it runs: what will happen, then why, then the button. The draft is kept by the server;
 * leaving loses nothing.
 */
export function ReplayDraft({ view, onDiscard }: { readonly view: ReplayView; readonly onDiscard?: () => void }) {
  const router = useRouter();
  const field = useId();
  const [reason, setReason] = useState("");
  const run = useRunReplay();
  const cancel = useCancelReplay();
  const refusal = useWriteRefusal();
  const { row } = view;
  const choosing = useChooseItems(row.id);
  // In a dialog nothing watches the draft: what the choice answered is the latest there is.
  const shown = onDiscard === undefined ? view : (choosing.data ?? view);
  const { preview } = shown;
  const [waitSeconds, setWaitSeconds] = useState(0);
  const blocked = refusal ?? blockedBy(preview, waitSeconds);
  const short = reason.trim().length < SHORTEST_REASON;

  return (
    <div className="flex flex-col gap-3">
      {preview.kind === "redrive" && (
        <>
          <NamedTargets targets={preview.namedTargets} onChoose={(choice) => choosing.mutate(choice)} />
          <StaleChoice stale={preview.stale} onChoose={(stale) => choosing.mutate({ stale })} />
        </>
      )}
      <PreviewPanel preview={preview} />
      {preview.kind === "redrive" && onDiscard !== undefined && (
        <p className="text-mut">
          Single events can be left out on{" "}
          <Link className="text-acc underline underline-offset-2" href={pages.replay(row.id)}>
            the draft’s own page
          </Link>
          , where others can review it too.
        </p>
      )}
      {preview.kind !== "redrive" && onDiscard !== undefined && (
        <p className="text-mut">
          Others can review it on{" "}
          <Link className="text-acc underline underline-offset-2" href={pages.replay(row.id)}>
            the draft’s own page
          </Link>
          .
        </p>
      )}
      <Card>
        <CardHeader title={`Run replay ${row.id}`}>nothing has been sent yet</CardHeader>
        <CardBody className="flex flex-col gap-2.5">
          <Label htmlFor={field}>Why (kept in the audit log with your name)</Label>
          <Textarea
            id={field}
            value={reason}
            maxLength={500}
            placeholder="price fix 2.15 is live"
            onChange={(event) => setReason(event.target.value)}
          />
          {preview.kind !== "redrive" && <WaitChoice seconds={waitSeconds} onSeconds={setWaitSeconds} />}
          {run.error !== null && <ErrorPanel title="It was not started" error={run.error} />}
          <div className="flex flex-wrap items-center gap-2">
            {blocked !== null && <p className="min-w-0 flex-1 text-warn">{blocked}</p>}
            <span className="ml-auto" />
            <Button
              disabled={refusal !== null || cancel.isPending}
              onClick={() => cancel.mutate(row.id, { onSuccess: onDiscard })}
            >
              <X /> Discard
            </Button>
            <Button
              variant="primary"
              disabled={blocked !== null || short || run.isPending}
              title={short ? "Say why first, in three letters or more" : undefined}
              onClick={() =>
                run.mutate(
                  {
                    id: row.id,
                    revision: shown.row.revision,
                    reason: reason.trim(),
                    waitForEmptySeconds: waitSeconds,
                  },
                  {
                    onSuccess: () => {
                      router.push(pages.replay(row.id));
                      window.scrollTo({ top: 0 });
                    },
                  },
                )
              }
            >
              <Play /> {runWord(preview)}
            </Button>
          </div>
        </CardBody>
      </Card>
    </div>
  );
}

/** Why the plan as it is cannot be run; null: it can. */
function blockedBy(preview: ReplayView["preview"], waitSeconds: number): string | null {
  if (preview.kind === "redrive" && preview.stale.choice === "ask" && (preview.stale.items ?? 0) > 0)
    return "Choose first what becomes of the stale events.";
  if (preview.kind === "redrive" && preview.items === 0)
    return preview.namedTargets.some(({ confirmed }) => !confirmed)
      ? "Confirm the target first, which only the records name."
      : "Nothing is left to send.";
  if (preview.kind === "redrive") return null;
  if (preview.members.length > 0 && waitSeconds === 0) {
    const members = preview.members.length === 1 ? "member" : `${preview.members.length} members`;
    return `Stop the group’s ${members} first, or wait for that: Kafka moves only an empty group.`;
  }
  return preview.kind === "offset_reset" && preview.partitions.length === 0 ? "No partition is chosen." : null;
}

function runWord(preview: ReplayView["preview"]): string {
  switch (preview.kind) {
    case "redrive":
      return `Send ${plural(preview.items, "event")}`;
    case "offset_reset":
      return `Move ${plural(preview.partitions.length, "offset")}`;
    case "skip":
      return "Skip this event";
  }
}
