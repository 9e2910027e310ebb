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
import type { GroupView, PartitionFlag, PartitionRow } from "#lib/contracts/groups.ts";
import { timeLag } from "./groups-table.tsx";

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
        <EmptyState title="No commits seen">The group has not committed an offset to a tapped topic yet.</EmptyState>
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
      <Flags rows={rows} />
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

const BEYOND_END_CAUSES = "the topic was made anew, or the log was cut";
const UNREADABLE_RECORDS = "only a transaction’s own records, or what an open transaction holds back";
const FLAG_WORDS: Readonly<Record<PartitionFlag, { readonly word: string; readonly means: string }>> = {
  compacted: {
    word: "gaps",
    means: "Compaction or retention left gaps behind the committed offset: fewer events wait than the offsets say.",
  },
  lost: { word: "lost", means: "The log begins after the committed offset: what lay between was deleted unread." },
  beyond_end: {
    word: "beyond end",
    means: `The committed offset lies beyond the log’s end: ${BEYOND_END_CAUSES}. The next fetch resets it.`,
  },
  transaction: {
    word: "transaction",
    means: `Behind it lie ${UNREADABLE_RECORDS}: no event that could be read waits.`,
  },
  clock_ahead: {
    word: "clock ahead",
    means: "Producers’ clocks run ahead of the broker’s: the time lag may be too small.",
  },
};

/** What the flags beside the numbers mean, where there are any: a title alone is nothing for a finger. */
function Flags({ rows }: { readonly rows: readonly PartitionRow[] }) {
  const flags = [...new Set(rows.flatMap(({ flag }) => flag ?? []))];
  if (flags.length === 0) return null;
  return (
    <dl className="flex flex-col gap-1 border-t px-3.5 py-2 text-xs text-mut">
      {flags.map((flag) => (
        <div key={flag} className="flex gap-2">
          <dt className="shrink-0 font-medium text-text">{FLAG_WORDS[flag].word}</dt>
          <dd>{FLAG_WORDS[flag].means}</dd>
        </div>
      ))}
    </dl>
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
