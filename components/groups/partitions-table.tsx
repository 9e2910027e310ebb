"use client";
import { useMemo, useState } from "react";
import { HeatStrip } from "#components/charts/heat-strip.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { count, plural, rate } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { VERDICT_BADGE, VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { GroupView, PartitionRow } from "#lib/contracts/groups.ts";
import { timeLag } from "./groups-table.tsx";
import { FLAG_WORDS, PartitionFlags } from "./partition-flags.tsx";

const FIRST = 60;
const MOST = 2000;
const TEXT = { bad: "text-bad", warn: "text-warn", ok: "", neutral: "", accent: "" } as const;

/** In the order of topic and partition while they are few, the worst first when they are many. */
function ordered(partitions: readonly PartitionRow[]): readonly PartitionRow[] {
  const byPartition = partitions.toSorted((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  );
  return partitions.length <= FIRST
    ? byPartition
    : byPartition.toSorted((a, b) => Number(b.lagMessages ?? 0) - Number(a.lagMessages ?? 0));
}

export function PartitionsTable({ view }: { readonly view: GroupView }) {
  const rows = useMemo(() => ordered(view.partitions), [view.partitions]);
  const [all, setAll] = useState(false);
  const topics = new Set(rows.map((row) => row.topic));
  return (
    <Card>
      <CardHeader
        title={
          topics.size === 1 ? (
            <>
              Partitions of <BrokerText text={[...topics][0] ?? ""} maxLength={60} />
            </>
          ) : (
            `Partitions of ${topics.size} topics`
          )
        }
      >
        {plural(rows.length, "partition")}
      </CardHeader>
      {rows.length === 0 ? (
        <EmptyState title="No commits seen">
          The group has not committed an offset of a tapped topic yet. If it reads others, add them to the include
          patterns.
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              <TableHead>Partition</TableHead>
              <TableHead>Commits, 30 min</TableHead>
              <TableHead numeric>Committed</TableHead>
              <TableHead numeric>End</TableHead>
              <TableHead numeric>Lag</TableHead>
              <TableHead numeric>Time lag</TableHead>
              <TableHead numeric className="hidden min-[1500px]:table-cell">
                In / out per s
              </TableHead>
              <TableHead className="hidden min-[1700px]:table-cell">Moved</TableHead>
              <TableHead>Member</TableHead>
            </tr>
          </TableHeader>
          <TableBody>
            {rows.slice(0, all ? MOST : FIRST).map((row) => (
              <Partition key={`${row.topic}/${row.partition}`} row={row} />
            ))}
          </TableBody>
        </Table>
      )}
      <PartitionFlags rows={rows} />
      {rows.length > FIRST && !all && (
        <div className="border-t p-2 text-center">
          <Button variant="ghost" size="sm" onClick={() => setAll(true)}>
            Show{" "}
            {rows.length > MOST ? `the worst ${count(MOST)} of ${count(rows.length)}` : `all ${count(rows.length)}`}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Partition({ row }: { readonly row: PartitionRow }) {
  const { tone } = VERDICT_BADGE[row.verdict];
  return (
    <TableRow tone={tone === "bad" ? "bad" : undefined}>
      <TableCell>
        <span className="flex items-center gap-2">
          <span>
            <BrokerText text={row.topic} maxLength={32} />[{row.partition}]
          </span>
          {tone === "bad" || tone === "warn" ? (
            <VerdictTag verdict={row.verdict} className="max-2xl:[&>svg]:hidden" />
          ) : null}
        </span>
      </TableCell>
      <TableCell>
        <HeatStrip
          width={120}
          values={row.heat}
          alarm={tone === "bad"}
          label={`Commits of ${row.topic}[${row.partition}] over the last 30 minutes`}
        />
      </TableCell>
      <TableCell numeric className="font-mono text-xs">
        {count(row.committedOffset)}
      </TableCell>
      <TableCell numeric className="font-mono text-xs text-mut">
        {count(row.endOffset)}
      </TableCell>
      <TableCell numeric className={cn("font-medium", TEXT[tone])}>
        {row.flag !== null && (
          <Tag tone={row.flag === "lost" ? "bad" : "neutral"} className="mr-1.5" title={FLAG_WORDS[row.flag].means}>
            {FLAG_WORDS[row.flag].word}
          </Tag>
        )}
        {count(row.lagMessages)}
      </TableCell>
      <TableCell numeric>{timeLag(row)}</TableCell>
      <TableCell numeric className="hidden text-mut min-[1500px]:table-cell">
        {rate(row.inRate)} / {rate(row.outRate)}
      </TableCell>
      <TableCell className="hidden text-mut min-[1700px]:table-cell">
        {row.movedAt === null ? "–" : <RelativeTime at={row.movedAt} />}
      </TableCell>
      <TableCell className={row.clientId === null ? "text-dim" : "text-mut"}>
        {row.clientId === null ? "none" : <BrokerText mono text={row.clientId} maxLength={26} />}
      </TableCell>
    </TableRow>
  );
}
