import Link from "next/link";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { Names } from "#components/page/names.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { count } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { FailureGroupRow } from "#lib/contracts/failures.ts";
import { TriageTags } from "./failure-triage.tsx";
import { KIND_WORDS } from "./kind-words.ts";

export function FailuresTable({ rows }: { readonly rows: readonly FailureGroupRow[] }) {
  const list = useListKeys<HTMLTableSectionElement>();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Failure</TableHead>
          <TableHead numeric>Open</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            Total
          </TableHead>
          <TableHead className="hidden md:table-cell">Trend</TableHead>
          <TableHead className="hidden md:table-cell">Groups</TableHead>
          <TableHead className="hidden lg:table-cell">Event types</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            First seen
          </TableHead>
          <TableHead numeric>Last seen</TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => (
          <TableRow key={row.fingerprint} className="relative focus-within:bg-raise">
            <TableCell className="w-full max-w-0 min-w-48">
              <div className="py-1.5">
                <Link
                  data-row-link
                  href={pages.failure(row.fingerprint)}
                  className={cn(
                    "block truncate font-medium after:absolute after:inset-0 hover:underline",
                    row.open === 0 && "text-mut",
                  )}
                >
                  <BrokerText text={row.title} maxLength={160} />
                </Link>
                <p className="flex items-center gap-1.5 truncate text-xs text-dim">
                  {row.kind === "error_event" && <Tag>ERROR EVENT</Tag>}
                  <TriageTags row={row} />
                  <span className="min-w-0 truncate">
                    {row.kind === "dead_letter" && row.format}
                    {row.message !== null && (
                      <>
                        {row.kind === "dead_letter" && " · "}
                        <BrokerText text={row.message} maxLength={200} />
                      </>
                    )}
                  </span>
                </p>
              </div>
            </TableCell>
            <TableCell numeric className={row.open > 0 ? "font-semibold text-bad" : "text-ok"}>
              {row.open > 0 ? (
                count(row.open)
              ) : row.replaying > 0 ? (
                <span className="text-acc">{count(row.replaying)} replaying</span>
              ) : (
                "✓ none"
              )}
            </TableCell>
            <TableCell numeric className="hidden text-mut sm:table-cell">
              {count(row.events)}
            </TableCell>
            <TableCell className="hidden md:table-cell">
              <Sparkline
                values={row.spark}
                tone={row.open > 0 ? "bad" : "neutral"}
                label={`${KIND_WORDS[row.kind].titles} over time`}
              />
            </TableCell>
            <TableCell className="hidden text-mut md:table-cell">
              <Names names={row.groups} none="unknown" />
            </TableCell>
            <TableCell className="hidden text-mut lg:table-cell">
              <Names names={row.types} none="unknown" />
            </TableCell>
            <TableCell numeric className="hidden text-mut sm:table-cell">
              <RelativeTime at={row.firstAt} />
            </TableCell>
            <TableCell numeric>
              <RelativeTime at={row.lastAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
