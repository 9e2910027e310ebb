import Link from "next/link";
import { useMemo } from "react";
import { ChartLegend } from "#components/charts/legend.tsx";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { bytes, compact, count, durationMs, plural, rate, ratePerSecond, roughly } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TopicView } from "#lib/contracts/topics.ts";
import { Balance } from "./balance.tsx";
import { typeSeries } from "./type-series.ts";
import { retention } from "./topic-words.tsx";

export function TopicOverview({ view, minutes }: { readonly view: TopicView; readonly minutes: number }) {
  const { row } = view;
  const { points, series } = useMemo(() => typeSeries(view), [view]);
  const span = roughly(minutes * 60_000);
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
        <StatCard label="In" value={rate(row.inRate)} context="events per second" />
        <StatCard
          label="Volume"
          value={`${bytes(row.bytesPerSecond)}/s`}
          context={row.inRate > 0 ? `${bytes(row.bytesPerSecond / row.inRate)} per event` : "no events"}
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
          context={row.tapped ? "messages Flowtap has not read yet" : "not read by Flowtap"}
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
          <Types view={view} />
          <Balance partitions={view.partitions} />
        </div>
        <Readers view={view} />
      </div>
    </div>
  );
}

const Types = ({ view: { types, row } }: { readonly view: TopicView }) => (
  <Card>
    <CardHeader title="Event types and producers">
      {row.producers.length > 0 && plural(row.producers.length, "producer")}
    </CardHeader>
    {types.length === 0 ? (
      <EmptyState title="No events yet">Event types appear here with the first event.</EmptyState>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Type</TableHead>
            <TableHead>Version</TableHead>
            <TableHead>Producer</TableHead>
            <TableHead numeric>Events</TableHead>
            <TableHead numeric>Events/s</TableHead>
            <TableHead numeric>First seen</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {types.slice(0, 200).map((one) => (
            <TableRow key={`${one.type}/${one.schemaVersion}/${one.service}`}>
              <TableCell className="font-medium">
                {one.type === "" ? (
                  <span className="text-dim">unknown</span>
                ) : (
                  <BrokerText text={one.type} maxLength={48} />
                )}
              </TableCell>
              <TableCell className="text-mut">
                {one.schemaVersion === "" ? "–" : <BrokerText text={one.schemaVersion} maxLength={16} />}
              </TableCell>
              <TableCell className="text-mut">
                {one.service === "" ? (
                  <span className="text-dim">unknown</span>
                ) : (
                  <BrokerText text={one.service} maxLength={32} />
                )}
              </TableCell>
              <TableCell numeric>{count(one.events)}</TableCell>
              <TableCell numeric>{rate(one.ratePerSecond)}</TableCell>
              <TableCell numeric className="text-mut">
                <RelativeTime at={one.firstSeenAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);

const Readers = ({ view: { groups, row } }: { readonly view: TopicView }) => (
  <Card>
    <CardHeader title="Consumer groups">{groups.length > 0 && count(groups.length)}</CardHeader>
    {groups.length === 0 ? (
      <EmptyState title="No consumer groups">No group has committed an offset of this topic.</EmptyState>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Group</TableHead>
            <TableHead>Verdict</TableHead>
            <TableHead numeric>Lag</TableHead>
            <TableHead numeric>Time lag</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {groups.slice(0, 200).map((one) => (
            <TableRow key={one.group} className="relative">
              <TableCell>
                <Link
                  href={pages.group(row.cluster, one.group)}
                  className="font-medium after:absolute after:inset-0 hover:underline"
                >
                  <BrokerText text={one.group} maxLength={40} />
                </Link>
              </TableCell>
              <TableCell>
                <VerdictTag verdict={one.verdict} />
              </TableCell>
              <TableCell numeric>{count(one.lagMessages)}</TableCell>
              <TableCell numeric>{durationMs(one.timeLagMs)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);
