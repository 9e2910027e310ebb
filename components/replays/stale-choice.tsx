"use client";
import { TriangleAlert } from "lucide-react";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { count } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import type { ReplayChoiceInput } from "#lib/contracts/replay-draft.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";

const OPTIONS = [
  { value: "send", label: "send all the same" },
  { value: "skip", label: "leave them out" },
  { value: "newest", label: "only the newest of each key" },
] as const;

interface StaleChoiceProps {
  readonly stale: RedrivePreview["stale"];
  readonly onChoose: (stale: NonNullable<ReplayChoiceInput["stale"]>) => void;
}
/** Asks what to do with events whose key has a newer event: sent now, they may undo what the newer one changed. */
export function StaleChoice({ stale, onChoose }: StaleChoiceProps) {
  if (stale.items === 0) return null;
  return (
    <Card>
      <CardHeader title="Newer events of the same key" />
      <CardBody className="flex flex-col gap-2.5">
        <p className="flex items-start gap-2 text-mut">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" strokeWidth={2} />
          {stale.items === null ? (
            <>
              Whether newer events of the same keys came since could not be looked up in time. What is sent may arrive
              after newer data.
            </>
          ) : (
            <span>
              <b className="font-semibold text-text">{count(stale.items)}</b> of these events are stale: their key has
              had a newer event in the topic since. Sent now, they arrive after it.
            </span>
          )}
        </p>
        {stale.items !== null && (
          <Segmented
            aria-label="What becomes of stale events"
            className="self-start"
            value={stale.choice === "ask" ? "none" : stale.choice}
            onValueChange={(choice) => choice !== "none" && onChoose(choice)}
            options={OPTIONS}
          />
        )}
      </CardBody>
    </Card>
  );
}
