"use client";
import { useCallback } from "react";
import { MessageCard } from "#components/messages/message-card.tsx";
import { EventFacts } from "#components/traces/event-facts.tsx";
import type { EntityView } from "#lib/contracts/entities.ts";
import { EntityState } from "./entity-state.tsx";
import { EntityTimeline } from "./entity-timeline.tsx";
import { Player } from "./player.tsx";

/** Steps through the events of an entity: the list, the state after the selected event, and that event itself. */
export function EntityEvents({
  view,
  chosen,
  onChoose,
}: {
  readonly view: EntityView;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}) {
  const found = view.timeline.findIndex((one) => one.id === chosen);
  const index = found < 0 ? view.timeline.length - 1 : found;
  const step = view.steps[index - view.from];
  const go = useCallback(
    (to: number) => {
      const id = view.timeline[to]?.id;
      if (id !== undefined) onChoose(id);
    },
    [view.timeline, onChoose],
  );
  return (
    <>
      {chosen !== null && found < 0 && (
        <p className="text-warn">
          The event in the address is not in this list or no longer stored. The last event is shown.
        </p>
      )}
      <Player timeline={view.timeline} index={index} ready={step !== undefined} go={go} />
      <div className="grid items-start gap-3 xl:grid-cols-2">
        <EntityTimeline view={view} index={index} go={go} />
        <div className="flex min-w-0 flex-col gap-3">
          <EntityState step={step} />
          {step !== undefined && (
            <>
              <EventFacts
                elsewhere
                event={{ ...step.event, id: step.id, fates: step.fates, failureFingerprint: step.failureFingerprint }}
              />
              <MessageCard title="Message" at={step.event} />
            </>
          )}
        </div>
      </div>
    </>
  );
}
