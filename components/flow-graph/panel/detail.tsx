"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { useAt, useTimeWindow } from "#components/time/time-window.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { count } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { FlowDetailView } from "#lib/contracts/flow-detail.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { Section } from "./parts.tsx";

const EVENTS = { key: "events", label: "events", color: "var(--edge-dot)", kind: "area" } as const;
const ERRORS = { key: "errors", label: "failed", color: "var(--bad-strong)", kind: "area" } as const;

/** What is not part of the graph: the rate over time and the latest events. */
export function FlowDetail({ id }: { readonly id: string }) {
  const [minutes] = useTimeWindow();
  const [at] = useAt();
  const question = { id, minutes, at: at?.toISOString() };
  const detail = useQuery({
    queryKey: keys.flow.detail(question),
    queryFn: ({ signal }) => fetchJson(api.flowDetail(question), FlowDetailView, { signal }),
    refetchInterval: at ? false : 5000,
    placeholderData: (previous) => (previous?.id === id ? previous : undefined),
  });
  if (detail.isError && !detail.data)
    return (
      <ErrorPanel title="The details could not be loaded" error={detail.error} onRetry={() => void detail.refetch()} />
    );
  if (!detail.data) return <Skeleton className="h-40" />;
  const { series, lastEvents } = detail.data;
  const points = series.map((point) => ({ at: Date.parse(point.at), events: point.events, errors: point.errors }));
  return (
    <>
      <Section title={`Events, ${minutes} min`}>
        <TimeChart
          label={`Events over the last ${minutes} minutes`}
          height={84}
          format={count}
          points={points}
          series={points.some((point) => point.errors > 0) ? [EVENTS, ERRORS] : [EVENTS]}
        />
      </Section>
      <Section title="Latest events">
        <div>
          {lastEvents.length === 0 && <p className="text-dim">No events in this time range.</p>}
          {lastEvents.slice(0, 12).map((event) => {
            const line = (
              <>
                <span className="min-w-0 truncate">
                  <BrokerText text={event.type ?? "unknown type"} maxLength={40} />
                </span>
                <span className="min-w-0 truncate text-mut">
                  {event.key !== null && <BrokerText text={event.key} mono maxLength={20} />}
                </span>
                <RelativeTime at={event.occurredAt} suffix="" className="ml-auto shrink-0 text-mut" />
              </>
            );
            const lineClass = "flex h-8 items-center gap-3 border-b border-line/70 last:border-b-0";
            const id = eventIdOf(event);
            return event.traceId ? (
              <Link
                key={id}
                href={pages.trace(event.traceId)}
                prefetch={false}
                className={`${lineClass} hover:bg-raise/60`}
                title="Open trace"
              >
                {line}
              </Link>
            ) : (
              <div key={id} className={lineClass}>
                {line}
              </div>
            );
          })}
        </div>
      </Section>
    </>
  );
}
