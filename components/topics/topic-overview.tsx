import { useMemo } from "react";
import { ChartLegend } from "#components/charts/legend.tsx";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { useSystem } from "#components/shell/use-system.ts";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { bytes, compact, count, durationMs, rate, ratePerSecond, roughly } from "#components/ui/format.ts";
import type { TopicView } from "#lib/contracts/topics.ts";
import { Balance } from "./balance.tsx";
import { typeSeries } from "./type-series.ts";
import { retention } from "./topic-words.tsx";
import { TopicTypes } from "./topic-types.tsx";
import { TopicGroups } from "./topic-groups.tsx";

const NOT_READ = "not read by Flowtap";

export function TopicOverview({ view, minutes }: { readonly view: TopicView; readonly minutes: number }) {
  const { row } = view;
  const system = useSystem(row.cluster);
  const { points, series } = useMemo(() => typeSeries(view), [view]);
  const span = roughly(minutes * 60_000);
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
        <StatCard
          label="In"
          value={row.tapped ? rate(row.inRate) : "–"}
          context={row.tapped ? "events per second" : NOT_READ}
        />
        <StatCard
          label="Volume"
          value={row.tapped ? `${bytes(row.bytesPerSecond)}/s` : "–"}
          context={
            !row.tapped
              ? NOT_READ
              : row.inRate > 0
                ? `${bytes(row.bytesPerSecond / row.inRate)} per event`
                : "no events"
          }
        />
        <StatCard
          label="Messages"
          value={<span title={count(row.messages)}>{compact(row.messages)}</span>}
          context="from log start to log end"
        />
        <StatCard
          label="Retention"
          value={retention(row, durationMs)}
          context={row.cleanupPolicy === null ? "unknown cleanup policy" : `cleanup policy ${row.cleanupPolicy}`}
        />
        <StatCard
          className="max-md:col-span-2"
          label="Tap lag"
          value={row.tapped ? count(row.tapBehind) : "–"}
          tone={BigInt(row.tapBehind) > 10_000n ? "warn" : "neutral"}
          context={row.tapped ? "messages Flowtap has not read yet" : NOT_READ}
        />
      </div>
      <Card>
        <CardHeader title="Throughput by event type, per second">
          <ChartLegend series={series} />
        </CardHeader>
        <CardBody>
          <TimeChart
            points={points}
            series={series}
            height={190}
            format={ratePerSecond}
            label={`Events per second by type over the last ${span}`}
          />
        </CardBody>
      </Card>
      <div className="grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]">
        <div className="flex min-w-0 flex-col gap-3">
          <TopicTypes view={view} />
          {(system === null || system === "kafka") && <Balance partitions={view.partitions} />}
        </div>
        <TopicGroups view={view} />
      </div>
    </div>
  );
}
