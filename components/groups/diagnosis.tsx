import { useMemo } from "react";
import { ChartLegend } from "#components/charts/legend.tsx";
import { TimeChart, type ChartSeries } from "#components/charts/time-chart.tsx";
import { MessageCard } from "#components/messages/message-card.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { durationMs, ratePerSecond, roughly } from "#components/ui/format.ts";
import { VERDICT_LOOK } from "#components/ui/state-tag.tsx";
import type { GroupView } from "#lib/contracts/groups.ts";
import { PartitionsTable } from "./partitions-table.tsx";

const THROUGHPUT: readonly ChartSeries[] = [
  { key: "outRate", label: "out", color: "var(--acc)", kind: "area" },
  { key: "inRate", label: "in", color: "var(--mut)", kind: "line" },
];
const LAG_COLOUR = { bad: "var(--bad-strong)", warn: "var(--warn)", ok: "var(--edge-dot)", neutral: "var(--edge-dot)", accent: "var(--edge-dot)" } as const;

/** The numbers behind the verdict. */
export function Diagnosis({ view, minutes }: { readonly view: GroupView; readonly minutes: number }) {
  const points = useMemo(() => view.series.map((step) => ({ at: Date.parse(step.at), lag: step.lagMessages, timeLag: step.timeLagMs, inRate: step.inRate, outRate: step.outRate })), [view.series]);
  const lag: readonly ChartSeries[] = [{ key: "lag", label: "lag", color: LAG_COLOUR[VERDICT_LOOK[view.row.verdict].tone], kind: "area" }];
  const marks = useMemo(() => turningPoints(view), [view]);
  // The head of a healthy group is another event each second: no one can read it, and the broker need not be asked.
  const head = view.row.verdict === "ok" ? undefined : view.head[0];
  const span = roughly(minutes * 60_000);
  return (
    <div className="flex flex-col gap-3">
      <div className="grid gap-3 lg:grid-cols-2">
        <Card>
          <CardHeader title="Lag, messages">{span}</CardHeader>
          <CardBody><TimeChart points={points} series={lag} marks={marks} label={`Lag over the last ${span}`} /></CardBody>
        </Card>
        <Card>
          <CardHeader title="Throughput, events per second"><ChartLegend series={[...THROUGHPUT].reverse()} /></CardHeader>
          <CardBody><TimeChart points={points} series={THROUGHPUT} format={ratePerSecond} label={`Events in and out over the last ${span}`} /></CardBody>
        </Card>
      </div>
      <div className={head === undefined ? "" : "grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]"}>
        <PartitionsTable view={view} />
        {head !== undefined && <MessageCard title={`At the head${head.waitingMs === null ? "" : `, waiting ${durationMs(head.waitingMs)}`}`} at={{ cluster: view.row.cluster, topic: head.topic, partition: head.partition, offset: head.offset }} />}
      </div>
    </div>
  );
}

/** Where the number of members changed: what one asks first of a lag that begins to grow. The latest three. */
function turningPoints(view: GroupView): { at: number; label: string }[] {
  const marks: { at: number; label: string }[] = [];
  let before: number | null = null;
  for (const step of view.series) {
    if (step.members === null) continue;
    if (before !== null && step.members !== before) marks.push({ at: Date.parse(step.at), label: step.members > before ? `${step.members - before} joined` : step.members === 0 ? "all members left" : `${before - step.members} left` });
    before = step.members;
  }
  return marks.slice(-3);
}
