"use client";
import Link from "next/link";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { Names } from "#components/page/names.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { usePageState } from "#components/shell/use-page-state.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { bytes, compact, count, durationMs, rate } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TopicRow } from "#lib/contracts/topics.ts";
import { RoleTag, retention } from "./topic-words.tsx";

/** Topics with their rates, producers, groups and what the tap has not read yet. */
export function TopicsTable({ rows }: { readonly rows: readonly TopicRow[] }) {
  const list = useListKeys<HTMLTableSectionElement>();
  const pageState = usePageState();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Topic</TableHead>
          <TableHead numeric>Events/s</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            Bytes/s
          </TableHead>
          <TableHead className="hidden md:table-cell">In, 30 min</TableHead>
          <TableHead className="hidden md:table-cell">Producers</TableHead>
          <TableHead className="hidden lg:table-cell">Groups</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            Partitions
          </TableHead>
          <TableHead numeric>Messages</TableHead>
          <TableHead numeric className="hidden lg:table-cell">
            Retention
          </TableHead>
          <TableHead numeric className="hidden md:table-cell">
            Tap lag
          </TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => (
          <TableRow key={`${row.cluster}/${row.topic}`} className="relative focus-within:bg-raise">
            <TableCell className="max-w-72">
              <span className="flex items-center gap-2">
                <Link
                  data-row-link
                  href={pages.topic(row.cluster, row.topic, pageState)}
                  className="truncate font-medium after:absolute after:inset-0 hover:underline"
                >
                  <BrokerText text={row.topic} maxLength={60} />
                </Link>
                <RoleTag role={row.role} />
                {!row.tapped && <Tag>NOT TAPPED</Tag>}
              </span>
            </TableCell>
            <TableCell numeric className="font-medium">
              {row.tapped ? rate(row.inRate) : "–"}
            </TableCell>
            <TableCell numeric className="hidden text-mut sm:table-cell">
              {row.tapped ? bytes(row.bytesPerSecond) : "–"}
            </TableCell>
            <TableCell className="hidden md:table-cell">
              {row.tapped && <Sparkline values={row.spark} label={`Events of ${row.topic} over the last 30 minutes`} />}
            </TableCell>
            <TableCell className="hidden text-mut md:table-cell">
              <Names names={row.producers} none="unknown" />
            </TableCell>
            <TableCell className="hidden text-mut lg:table-cell">
              <Names names={row.groups} all={row.groupCount} none="none" />
            </TableCell>
            <TableCell numeric className="hidden text-mut sm:table-cell">
              {count(row.partitions)}
            </TableCell>
            <TableCell numeric title={count(row.messages)}>
              {compact(row.messages)}
            </TableCell>
            <TableCell numeric className="hidden text-mut lg:table-cell">
              {retention(row, durationMs)}
            </TableCell>
            <TableCell numeric className="hidden text-mut md:table-cell">
              {row.tapped ? count(row.tapBehind) : "–"}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
