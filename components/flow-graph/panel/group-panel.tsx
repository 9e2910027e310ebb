"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { useAt, useTimeWindow } from "#components/time/time-window.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { StatCard } from "#components/ui/card.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { count, durationMs, durationSeconds, plural, rate, roughly } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import type { GroupNode } from "#lib/contracts/flow.ts";
import { GroupView } from "#lib/contracts/groups.ts";
import type { Scene } from "../scene.ts";
import { LatencyLine, Line, Section, Stats } from "./parts.tsx";

interface GroupPanelProps {
  readonly node: GroupNode;
  readonly scene: Scene;
  readonly onSelect: (id: string) => void;
}
/** The state of a consumer group: reason, event at the head, lag and time to data loss. */
export function GroupPanel({ node, scene, onSelect }: GroupPanelProps) {
  const [minutes] = useTimeWindow();
  const [at] = useAt();
  const question = { minutes, at: at?.toISOString() };
  const group = useQuery({
    queryKey: keys.groups.one(node.cluster, node.group, question),
    queryFn: ({ signal }) => fetchJson(api.group(node.cluster, node.group, question), GroupView, { signal }),
    refetchInterval: at ? false : 5000,
    placeholderData: (previous) =>
      previous?.row.group === node.group && previous.row.cluster === node.cluster ? previous : undefined,
  });
  const view = group.data;
  const reads = [...scene.edgeById.values()].filter((edge) => edge.kind === "consume" && edge.to === node.id);
  const latency = reads
    .flatMap((edge) => (edge.latency && edge.latency.samples > 0 ? [edge.latency] : []))
    .toSorted((a, b) => b.samples - a.samples)[0];
  const bad = node.state === "stuck" || node.state === "failing";
  const head = view?.head[0];
  const keepsUp = node.lagMessages === "0";
  const catchUpSeconds = view?.row.catchUpSeconds ?? null;
  return (
    <>
      <p className="-mt-2 text-mut">
        {reads.length > 0 && (
          <>
            consumes{" "}
            {reads.slice(0, 3).map((edge, index) => (
              <span key={edge.id}>
                {index > 0 && ", "}
                <BrokerText text={scene.nodeById.get(edge.from)?.label ?? edge.from} mono maxLength={32} />
              </span>
            ))}
            {reads.length > 3 && ` and ${reads.length - 3} more`} ·{" "}
          </>
        )}
        {plural(node.members, "member")}
        {view && ` · protocol ${view.row.protocol.slice(0, 20)}`}
        {node.serviceNode !== null && node.serviceKnownBy === "inferred" && " · service inferred"}
      </p>
      {node.state !== "normal" && node.state !== "unknown" && (
        <div className={`rounded-lg border p-3 ${bad ? "border-badline bg-badbg" : "border-warnline bg-warnbg"}`}>
          <p className="font-semibold">
            {(view?.row.reason ?? node.stateReason ?? "The group falls behind.").slice(0, 300)}
          </p>
          <p className="mt-1 text-mut">
            {head && (
              <>
                Next event: <BrokerText text={`${head.topic}[${head.partition}]`} mono /> offset{" "}
                <span className="font-mono text-xs text-text">{count(head.offset)}</span>
                {head.waitingMs !== null && `, waiting ${roughly(head.waitingMs)}`}.{" "}
              </>
            )}
            {typeof view?.row.dataLossSeconds === "number" &&
              `Data loss in ${durationSeconds(view.row.dataLossSeconds)}.`}
          </p>
          <div className="mt-2.5 flex flex-wrap gap-2">
            <Button asChild variant="primary">
              <Link prefetch={false} href={pages.group(node.cluster, node.group)}>
                Open diagnosis
              </Link>
            </Button>
            {head?.traceId && (
              <Button asChild>
                <Link prefetch={false} href={pages.trace(head.traceId)}>
                  Open trace
                </Link>
              </Button>
            )}
          </div>
        </div>
      )}
      <Stats>
        <StatCard
          label="Lag"
          value={count(node.lagMessages)}
          context="events"
          tone={bad ? "bad" : node.state === "lagging" ? "warn" : "neutral"}
        />
        <StatCard label="Time lag" value={durationMs(node.timeLagMs)} context="oldest waiting event" />
        <StatCard
          label="In / out"
          value={
            <>
              {rate(view?.row.inRate)} <span className="text-dim">/</span> {rate(view?.row.outRate)}
            </>
          }
          context="events per second"
        />
        <StatCard
          label="Catches up in"
          value={keepsUp ? "now" : durationSeconds(catchUpSeconds)}
          context={keepsUp || catchUpSeconds !== null ? "at the current rate" : "not at the current rate"}
        />
      </Stats>
      {latency && (
        <Section title="Consume latency">
          <LatencyLine latency={latency} />
        </Section>
      )}
      {group.isError && !view && (
        <ErrorPanel title="The group could not be loaded" error={group.error} onRetry={() => void group.refetch()} />
      )}
      {!view && !group.isError && <Skeleton className="h-24" />}
      {view && (
        <Section title={`Lag, ${minutes} min`}>
          <TimeChart
            label={`Lag over the last ${minutes} minutes`}
            height={84}
            points={view.series.map((point) => ({ at: Date.parse(point.at), lag: point.lagMessages }))}
            series={[
              {
                key: "lag",
                label: "lag",
                color: bad ? "var(--bad-strong)" : node.state === "lagging" ? "var(--warn)" : "var(--edge-dot)",
                kind: "area",
              },
            ]}
          />
        </Section>
      )}
      {view && view.head.length > 0 && (
        <Section title="Next events">
          <div>
            {view.head.slice(0, 6).map((one) => (
              <Line key={`${one.topic}/${one.partition}`} name={`${one.topic}[${one.partition}] ${one.offset}`}>
                <span className="max-w-28 truncate">
                  {one.type !== null && <BrokerText text={one.type} maxLength={24} />}
                </span>
                {one.waitingMs === null ? "–" : roughly(one.waitingMs)}
              </Line>
            ))}
          </div>
        </Section>
      )}
      <div className="flex flex-wrap gap-2">
        <Button asChild>
          <Link prefetch={false} href={pages.group(node.cluster, node.group)}>
            Open group
          </Link>
        </Button>
        {node.serviceNode !== null && scene.nodeById.has(node.serviceNode) && (
          <Button variant="ghost" onClick={() => onSelect(node.serviceNode ?? "")}>
            Show service
          </Button>
        )}
      </div>
    </>
  );
}
