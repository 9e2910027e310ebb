"use client";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { curl } from "#components/page/commands.ts";
import { MessageCard } from "#components/messages/message-card.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { durationMs, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { TraceView } from "#lib/contracts/traces.ts";
import { EventFacts } from "./event-facts.tsx";
import { FatesTable } from "./fates-table.tsx";
import { TraceGraph } from "./trace-graph.tsx";
import { Waterfall } from "./waterfall.tsx";

const REFRESH_MS = 5000;
/** For this long after its last event a trace can still get new events and outcomes. */
const SETTLED_MS = 120_000;

export function TracePage({ traceId }: { readonly traceId: string }) {
  const [chosen, choose] = useQueryState("event", parseAsString);
  const query = useQuery({
    queryKey: keys.traces.one(traceId),
    queryFn: ({ signal }) => fetchJson(api.trace(traceId), TraceView, { signal }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && Date.now() - Date.parse(state.data.lastAt) < SETTLED_MS ? REFRESH_MS : false,
  });
  return (
    <Page
      title={<TraceTitle view={query.data} />}
      tags={query.data && <TraceTags view={query.data} />}
      actions={
        <>
          {query.data !== undefined && <ReplayTrace view={query.data} />}
          <CopyButton label="Copy trace ID" value={traceId} />
          <CopyButton
            className="max-sm:hidden"
            label="curl"
            value={() => curl(new URL(api.trace(traceId), globalThis.location.origin).href)}
          />
        </>
      }
    >
      <Loaded
        query={query}
        what="The trace"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-64" />
            <Skeleton className="h-80" />
          </div>
        }
      >
        {(view) => <Body view={view} chosen={chosen} choose={(id) => void choose(id)} />}
      </Loaded>
    </Page>
  );
}

function Body({
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
      {chosen !== null && opened.id !== chosen && (
        <p className="text-warn">The event in the address is not in this trace or no longer stored.</p>
      )}
      {view.truncated && (
        <p className="text-warn">
          The trace is longer: only its first {plural(view.events.length, "event")} are shown.
        </p>
      )}
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

/** Proposes only the failed events, where there are some: that is the usual reason to replay a trace. */
function ReplayTrace({ view }: { readonly view: TraceView }) {
  const [isOpen, setOpen] = useState(false);
  const groups = useMemo(
    () => [...new Set(view.events.flatMap((event) => event.fates.map((fate) => fate.group)))].toSorted(),
    [view.events],
  );
  const failedOnly = view.events.some((event) => event.deadLetter);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <RotateCcw /> Replay…
      </Button>
      <RedriveDialog
        selection={
          isOpen
            ? { select: { by: "trace", traceId: view.traceId, failedOnly }, items: null, begin: { failedOnly } }
            : null
        }
        onClose={() => setOpen(false)}
        groups={groups}
      />
    </>
  );
}

function TraceTitle({ view }: { readonly view: TraceView | undefined }) {
  const root = view?.events.reduce((first, event) => (event.occurredAt < first.occurredAt ? event : first));
  return root === undefined ? "Trace" : <BrokerText text={root.type ?? root.topic} maxLength={80} />;
}

function TraceTags({ view }: { readonly view: TraceView }) {
  const failed = view.events.filter((event) => event.error || event.deadLetter).length;
  const waiting = view.events.reduce(
    (sum, event) => sum + event.fates.filter((fate) => fate.fate === "waiting").length,
    0,
  );
  const services = new Set(view.events.flatMap((event) => (event.service === null ? [] : [event.service])));
  return (
    <>
      {failed > 0 && <Tag tone="bad">{failed} FAILED</Tag>}
      {waiting > 0 && <Tag tone="warn">{waiting} WAITING</Tag>}
      <span className="text-mut">
        {plural(view.events.length, "event")} · {plural(services.size, "service")} ·{" "}
        {durationMs(Date.parse(view.lastAt) - Date.parse(view.firstAt))} · <RelativeTime at={view.firstAt} />
        {view.aliases.length > 0 && (
          <span title={view.aliases.slice(0, 20).join("\n")}>
            {" "}
            · {plural(view.aliases.length, "conversation")} merged
          </span>
        )}
      </span>
    </>
  );
}
