"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import { MessageCard } from "#components/messages/message-card.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { TraceView } from "#lib/contracts/traces.ts";
import { EventFacts } from "./event-facts.tsx";
import { FatesTable } from "./fates-table.tsx";
import { TraceGraph } from "./trace-graph.tsx";
import { Waterfall } from "./waterfall.tsx";

/** A trace as a graph and as a timeline, and the selected event beside it. */
export function TraceEvents({
  view,
  chosen,
  choose,
}: {
  readonly view: TraceView;
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
}) {
  const [below, setBelow] = useQueryState("view", parseAsStringLiteral(["timeline", "fates"]).withDefault("timeline"));
  const opened = useMemo(
    () =>
      view.events.find((event) => event.id === chosen) ??
      view.events.find((event) => event.deadLetter || event.error) ??
      view.events[0],
    [view.events, chosen],
  );
  if (opened === undefined)
    return <Card className="p-6 text-center text-mut">No events of this trace are stored any more.</Card>;
  return (
    <>
      {/* Boxes are too small to read on a phone; the timeline has the same data. */}
      <Card className="max-sm:hidden">
        <CardHeader title="Causes">
          <span className="flex items-center gap-1.5">
            <i aria-hidden className="w-5 border-t-[1.5px] border-[var(--edge-dot)]" />
            declared
          </span>
          <span className="flex items-center gap-1.5">
            <i aria-hidden className="w-5 border-t-[1.5px] border-dashed border-dim" />
            inferred, with its confidence
          </span>
        </CardHeader>
        <TraceGraph view={view} opened={opened.id} onOpen={choose} />
      </Card>
      <div className="grid items-start gap-3 xl:grid-cols-[1.7fr_1fr]">
        <Card>
          <CardHeader title={below === "timeline" ? "Timeline" : "Outcome per group"}>
            <Segmented
              aria-label="View"
              className="h-7"
              value={below}
              onValueChange={(next) => void setBelow(next)}
              options={[
                { value: "timeline", label: "Timeline" },
                { value: "fates", label: "Fates" },
              ]}
            />
          </CardHeader>
          {below === "timeline" ? (
            <Waterfall view={view} opened={opened.id} onOpen={choose} />
          ) : (
            <FatesTable view={view} opened={opened.id} onOpen={choose} />
          )}
        </Card>
        <div className="flex min-w-0 flex-col gap-3">
          <EventFacts event={opened} />
          <MessageCard title="Message" at={opened} />
        </div>
      </div>
    </>
  );
}
