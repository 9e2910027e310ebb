import { useMemo } from "react";
import { ChartLegend } from "#components/charts/legend.tsx";
import type { ChartSeries } from "#components/charts/series.ts";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { wholeUntil } from "#components/charts/whole-steps.ts";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { compact, durationMs, ratePerSecond, roughly } from "#components/ui/format.ts";
import { VERDICT_BADGE } from "#components/ui/state-tag.tsx";
import type { GroupView } from "#lib/contracts/groups.ts";
import { chartMarkers } from "./chart-markers.ts";

const THROUGHPUT: readonly ChartSeries[] = [
  { key: "outRate", label: "out", color: "var(--acc)", kind: "area" },
  { key: "inRate", label: "in", color: "var(--mut)", kind: "line" },
];
const TIME_LAG: readonly ChartSeries[] = [
  { key: "timeLag", label: "time lag", color: "var(--edge-dot)", kind: "area" },
];
const COMMITS: readonly ChartSeries[] = [{ key: "commits", label: "commits", color: "var(--heat)", kind: "bar" }];
const LAG_COLOUR = {
  bad: "var(--bad-strong)",
  warn: "var(--warn)",
  ok: "var(--edge-dot)",
  neutral: "var(--edge-dot)",
  accent: "var(--edge-dot)",
} as const;

interface GroupChartsProps {
  readonly view: Pick<GroupView, "series" | "events" | "stepSeconds" | "row" | "at">;
  readonly minutes: number;
}

/** What the charts draw; events are what happened to the members. */
function useChart({ view: { series, events, stepSeconds, at, row }, minutes }: GroupChartsProps) {
  const until = wholeUntil(at ?? row.evaluatedAt);
  const points = useMemo(
    () =>
      series.map((step) => {
        const begins = Date.parse(step.at);
        const whole = begins + stepSeconds * 1000 <= until;
        return {
          at: begins,
          lag: step.lagMessages,
          timeLag: step.timeLagMs,
          inRate: whole ? step.inRate : null,
          outRate: whole ? step.outRate : null,
          commits: whole ? step.commits : null,
        };
      }),
    [series, stepSeconds, until],
  );
  return {
    points,
    events: useMemo(() => chartMarkers(events, points[0]?.at ?? 0, points.at(-1)?.at ?? 0), [events, points]),
    span: roughly(minutes * 60_000),
  };
}

export function LagChart(props: GroupChartsProps) {
  const { points, events, span } = useChart(props);
  const lag: readonly ChartSeries[] = [
    { key: "lag", label: "lag", color: LAG_COLOUR[VERDICT_BADGE[props.view.row.verdict].tone], kind: "area" },
  ];
  return (
    <Card>
      <CardHeader title="Lag, messages">{span}</CardHeader>
      <CardBody>
        <TimeChart points={points} series={lag} marks={events} label={`Lag over ${span}`} />
      </CardBody>
    </Card>
  );
}

/** Throughput, time lag and commits over the lag's time. */
export function GroupCharts(props: GroupChartsProps) {
  const { points, events, span } = useChart(props);
  const { series, stepSeconds } = props.view;
  const counted = series.some((step) => step.commits !== null);
  return (
    <div className="grid gap-3 lg:grid-cols-3">
      <Card>
        <CardHeader title="Throughput">
          <ChartLegend series={[...THROUGHPUT].reverse()} />
        </CardHeader>
        <CardBody>
          <TimeChart
            height={110}
            points={points}
            series={THROUGHPUT}
            marks={quiet(events)}
            format={ratePerSecond}
            label={`Events in and out over ${span}`}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="Time lag">{span}</CardHeader>
        <CardBody>
          <TimeChart
            height={110}
            points={points}
            series={TIME_LAG}
            marks={quiet(events)}
            format={waited}
            label={`Time lag over ${span}`}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="Commits">
          {counted ? `per ${roughly(stepSeconds * 1000)}` : "counted over three hours at most"}
        </CardHeader>
        <CardBody>
          <TimeChart
            height={110}
            points={counted ? points : []}
            series={COMMITS}
            marks={quiet(events)}
            format={compact}
            label={`Offsets committed over ${span}`}
          />
        </CardBody>
      </Card>
    </div>
  );
}

/** A healthy group waits for parts of a second. */
const waited = (ms: number) => (ms < 1000 ? durationMs(ms) : roughly(ms));

/** The words stand on the lag's chart; the others show where the lines are. */
const quiet = (events: ReturnType<typeof chartMarkers>) => events.map(({ at }) => ({ at, label: "" }));
