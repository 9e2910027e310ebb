import { useMemo } from "react";
import { ChartLegend } from "#components/charts/legend.tsx";
import { TimeChart, type ChartSeries } from "#components/charts/time-chart.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { compact, ratePerSecond, roughly } from "#components/ui/format.ts";
import { VERDICT_LOOK } from "#components/ui/state-tag.tsx";
import type { GroupView } from "#lib/contracts/groups.ts";
import { chartMarks } from "./chart-marks.ts";

const THROUGHPUT: readonly ChartSeries[] = [
  { key: "outRate", label: "out", color: "var(--acc)", kind: "area" },
  { key: "inRate", label: "in", color: "var(--mut)", kind: "line" },
];
const TIME_LAG: readonly ChartSeries[] = [{ key: "timeLag", label: "time lag", color: "var(--edge-dot)", kind: "area" }];
const COMMITS: readonly ChartSeries[] = [{ key: "commits", label: "commits", color: "var(--heat)", kind: "bar" }];
const LAG_COLOUR = { bad: "var(--bad-strong)", warn: "var(--warn)", ok: "var(--edge-dot)", neutral: "var(--edge-dot)", accent: "var(--edge-dot)" } as const;

/** Lag, time lag, throughput and commits over one time, with what happened to the members marked on each. */
export function GroupCharts({ view, minutes }: { readonly view: Pick<GroupView, "series" | "marks" | "stepSeconds" | "row">; readonly minutes: number }) {
  const points = useMemo(() => view.series.map((step) => ({ at: Date.parse(step.at), lag: step.lagMessages, timeLag: step.timeLagMs, inRate: step.inRate, outRate: step.outRate, commits: step.commits })), [view.series]);
  const marks = useMemo(() => chartMarks(view.marks, points[0]?.at ?? 0, points.at(-1)?.at ?? 0), [view.marks, points]);
  const lag: readonly ChartSeries[] = [{ key: "lag", label: "lag", color: LAG_COLOUR[VERDICT_LOOK[view.row.verdict].tone], kind: "area" }];
  const span = roughly(minutes * 60_000);
  const counted = view.series.some((step) => step.commits !== null);
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Card>
        <CardHeader title="Lag, messages">{span}</CardHeader>
        <CardBody><TimeChart points={points} series={lag} marks={marks} label={`Lag over ${span}`} /></CardBody>
      </Card>
      <Card>
        <CardHeader title="Throughput, events per second"><ChartLegend series={[...THROUGHPUT].reverse()} /></CardHeader>
        <CardBody><TimeChart points={points} series={THROUGHPUT} marks={quiet(marks)} format={ratePerSecond} label={`Events in and out over ${span}`} /></CardBody>
      </Card>
      <Card>
        <CardHeader title="Time lag of the oldest waiting event">{span}</CardHeader>
        <CardBody><TimeChart height={110} points={points} series={TIME_LAG} marks={quiet(marks)} format={roughly} label={`Time lag over ${span}`} /></CardBody>
      </Card>
      <Card>
        <CardHeader title="Commits">{counted ? `per ${roughly(view.stepSeconds * 1000)}` : "counted over three hours at most"}</CardHeader>
        <CardBody><TimeChart height={110} points={counted ? points : []} series={COMMITS} marks={quiet(marks)} format={compact} label={`Offsets committed over ${span}`} /></CardBody>
      </Card>
    </div>
  );
}

/** The words stand on the first chart; the others show where the lines are. */
const quiet = (marks: ReturnType<typeof chartMarks>) => marks.map(({ at }) => ({ at, label: "" }));
