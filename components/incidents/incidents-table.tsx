import Link from "next/link";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { count, durationMs } from "#components/ui/format.ts";
import { ClockTime, RelativeTime } from "#components/time/relative-time.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { IncidentRow } from "#lib/contracts/incidents.ts";
import { CAUSE_TITLES } from "#lib/domain/health/cause.ts";

/** `brief`: of one group, whose name need not be said. */
export function IncidentsTable({
  rows,
  brief = false,
}: {
  readonly rows: readonly IncidentRow[];
  readonly brief?: boolean;
}) {
  const list = useListKeys<HTMLTableSectionElement>();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Opened</TableHead>
          {!brief && <TableHead>Group</TableHead>}
          <TableHead>Verdict</TableHead>
          <TableHead>Cause</TableHead>
          {!brief && <TableHead className="hidden lg:table-cell">What</TableHead>}
          <TableHead numeric>For</TableHead>
          <TableHead numeric className="hidden md:table-cell">
            Most lag
          </TableHead>
          <TableHead numeric className="hidden md:table-cell">
            Longest wait
          </TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => (
          <TableRow
            key={row.id}
            tone={row.closedAt === null && row.severity >= 3 ? "bad" : undefined}
            className="relative focus-within:bg-raise"
          >
            <TableCell>
              <Link
                data-row-link
                href={pages.incident(row.id)}
                className="after:absolute after:inset-0 hover:underline"
              >
                <RelativeTime at={row.openedAt} />
              </Link>{" "}
              <span className="text-dim max-sm:hidden">
                <ClockTime at={row.openedAt} withSeconds={false} />
              </span>
            </TableCell>
            {!brief && (
              <TableCell className="max-w-[14rem] truncate font-medium">
                <BrokerText text={row.group} maxLength={48} />
              </TableCell>
            )}
            <TableCell>
              <VerdictTag verdict={row.verdict} />
            </TableCell>
            <TableCell>
              {row.cause === null ? <span className="text-dim">none found</span> : CAUSE_TITLES[row.cause]}
            </TableCell>
            {!brief && (
              <TableCell className="hidden w-full max-w-0 truncate text-mut lg:table-cell">
                {row.reason !== null && <BrokerText text={row.reason} maxLength={200} />}
              </TableCell>
            )}
            <TableCell numeric>
              {row.closedAt === null ? (
                <Tag tone="bad">OPEN</Tag>
              ) : (
                durationMs(Date.parse(row.closedAt) - Date.parse(row.openedAt))
              )}
            </TableCell>
            <TableCell numeric className="hidden md:table-cell">
              {count(row.peakLagMessages)}
            </TableCell>
            <TableCell numeric className="hidden text-mut md:table-cell">
              {durationMs(row.peakTimeLagMs)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
