import Link from "next/link";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { count, durationMs } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayRow } from "#lib/contracts/replays.ts";
import { ProgressBar } from "./progress-bar.tsx";
import { KIND_WORD } from "./replay-words.ts";
import { shares } from "./outcome-words.ts";
import { StatusTag } from "./status-tag.tsx";

interface ReplaysTableProps {
  readonly rows: readonly ReplayRow[];
  /** for the page of one group: leaves out what that page shows already */
  readonly brief?: boolean;
}
export function ReplaysTable({ rows, brief = false }: ReplaysTableProps) {
  const list = useListKeys<HTMLTableSectionElement>();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Replay</TableHead>
          <TableHead>Status</TableHead>
          {!brief && <TableHead>Group</TableHead>}
          <TableHead>Progress</TableHead>
          {!brief && <TableHead className="hidden lg:table-cell">Why</TableHead>}
          <TableHead>By</TableHead>
          <TableHead numeric>Made</TableHead>
          {!brief && (
            <TableHead numeric className="hidden md:table-cell">
              Took
            </TableHead>
          )}
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {rows.map((row) => (
          <TableRow key={row.id} className="relative focus-within:bg-raise">
            <TableCell>
              <Link
                data-row-link
                href={pages.replay(row.id)}
                className="font-medium after:absolute after:inset-0 hover:underline"
              >
                {row.id}
              </Link>
              <span className="ml-2 text-mut">{KIND_WORD[row.kind]}</span>
            </TableCell>
            <TableCell>
              <StatusTag row={row} />
            </TableCell>
            {!brief && (
              <TableCell>
                {row.group === null ? (
                  <span className="text-dim">any</span>
                ) : (
                  <BrokerText text={row.group} maxLength={32} />
                )}
              </TableCell>
            )}
            <TableCell>
              <span className="flex items-center gap-2.5">
                <ProgressBar
                  className="h-1.5 w-20"
                  total={row.progress.total}
                  shares={shares(row.progress, {
                    consumed: row.progress.verified - row.progress.failedAgain,
                    deadLettered: row.progress.failedAgain,
                    waiting: 0,
                    unknown: 0,
                  })}
                />
                <span className="text-mut">
                  {count(row.progress.sent)} of {count(row.progress.total)}
                </span>
                {row.progress.failed > 0 && <span className="text-bad">{count(row.progress.failed)} failed</span>}
                {row.progress.failedAgain > 0 && (
                  <span className="text-bad">{count(row.progress.failedAgain)} failed again</span>
                )}
              </span>
            </TableCell>
            {!brief && (
              <TableCell className="hidden w-full max-w-0 truncate text-mut lg:table-cell">
                {row.error !== null ? <span className="text-bad">{row.error.slice(0, 200)}</span> : row.reason}
              </TableCell>
            )}
            <TableCell className="text-mut">
              <BrokerText text={row.createdBy} maxLength={24} />
            </TableCell>
            <TableCell numeric className="text-mut">
              <RelativeTime at={row.createdAt} />
            </TableCell>
            {!brief && (
              <TableCell numeric className="hidden text-mut md:table-cell">
                {row.startedAt === null || row.finishedAt === null
                  ? "–"
                  : durationMs(Date.parse(row.finishedAt) - Date.parse(row.startedAt))}
              </TableCell>
            )}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
