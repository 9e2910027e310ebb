import Link from "next/link";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { count, durationMs } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TraceRow } from "#lib/contracts/traces.ts";

const SHOWN_SERVICES = 4;

export function TracesTable({ rows }: { readonly rows: readonly TraceRow[] }) {
  const list = useListKeys<HTMLTableSectionElement>();
  // Durations differ by orders of magnitude, so the bars are logarithmic.
  const longest = Math.log1p(Math.max(1, ...rows.map((row) => row.durationMs)));
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Root event</TableHead>
          <TableHead className="hidden md:table-cell">Services</TableHead>
          <TableHead numeric>Events</TableHead>
          <TableHead>Errors</TableHead>
          <TableHead>Duration</TableHead>
          <TableHead numeric>Started</TableHead>
          <TableHead className="hidden lg:table-cell">Trace ID</TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => (
          <TableRow key={row.traceId} className="relative focus-within:bg-raise">
            <TableCell className="max-w-64 truncate">
              <Link
                data-row-link
                href={pages.trace(row.traceId)}
                className="font-medium after:absolute after:inset-0 hover:underline"
              >
                <BrokerText text={row.root} maxLength={48} />
              </Link>
              {row.rootService !== null && (
                <span className="ml-2 text-dim">
                  <BrokerText text={row.rootService} maxLength={28} />
                </span>
              )}
            </TableCell>
            <TableCell
              className="hidden max-w-80 truncate text-mut md:table-cell"
              title={row.services.slice(0, 40).join(", ")}
            >
              {row.services.slice(0, SHOWN_SERVICES).map((service, i) => (
                <span key={service}>
                  {i > 0 && <span className="text-dim"> · </span>}
                  <BrokerText text={service} maxLength={24} />
                </span>
              ))}
              {row.services.length > SHOWN_SERVICES && (
                <span className="text-dim"> +{row.services.length - SHOWN_SERVICES}</span>
              )}
            </TableCell>
            <TableCell numeric>{count(row.events)}</TableCell>
            <TableCell>
              {row.errors > 0 ? (
                <Tag tone="bad">{count(row.errors)} FAILED</Tag>
              ) : (
                <span className="text-dim">none</span>
              )}
            </TableCell>
            <TableCell>
              <span className="flex items-center gap-2">
                <span className="h-1.5 w-20 overflow-hidden rounded-full bg-raise max-sm:hidden">
                  <i
                    className="block h-full rounded-full"
                    style={{
                      width: `${Math.max(2, (100 * Math.log1p(row.durationMs)) / longest)}%`,
                      background: row.errors > 0 ? "var(--bad-strong)" : "var(--bar)",
                    }}
                  />
                </span>
                {durationMs(row.durationMs)}
              </span>
            </TableCell>
            <TableCell numeric className="text-mut">
              <RelativeTime at={row.firstAt} />
            </TableCell>
            <TableCell className="hidden font-mono text-xs text-dim lg:table-cell">
              {row.traceId.slice(0, 16)}…
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
