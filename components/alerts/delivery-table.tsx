"use client";
import { RotateCcw } from "lucide-react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useNow } from "#components/time/now.ts";
import { Button } from "#components/ui/button.tsx";
import { count, durationMs, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { DeliveryRow } from "#lib/contracts/alerts.ts";
import { KIND_WORD, STATUS_BADGE } from "./alert-badges.ts";
import { useRetryDelivery } from "./use-alerts.ts";

/** Messages with their channel and outcome; a failed one can be sent again. */
export const DeliveryTable = ({ rows }: { readonly rows: readonly DeliveryRow[] }) => (
  <Table>
    <TableHeader>
      <tr>
        <TableHead>Message</TableHead>
        <TableHead>Channel</TableHead>
        <TableHead>Outcome</TableHead>
        <TableHead numeric className="hidden sm:table-cell">
          Attempts
        </TableHead>
        <TableHead numeric>When</TableHead>
        <TableHead>
          <span className="sr-only">Actions</span>
        </TableHead>
      </tr>
    </TableHeader>
    <TableBody>
      {rows.map((row) => (
        <TableRow key={row.id}>
          <TableCell className="w-full max-w-0 min-w-48">
            <div className="py-1.5">
              <p className="truncate" title={row.sentence}>
                <span className="font-medium">
                  <bdi>{row.title}</bdi>
                </span>
              </p>
              <p className="truncate text-xs text-dim">
                {row.lastError === null ? (
                  <>
                    {KIND_WORD[row.kind]}
                    {row.kind !== "test" && (
                      <>
                        {" "}
                        · {row.rule}
                        {row.alerts > 1 && ` · ${plural(row.alerts, "alert")}`}
                      </>
                    )}
                  </>
                ) : (
                  <span className={row.status === "failed" ? "text-bad" : "text-warn"} title={row.lastError}>
                    <bdi>{row.lastError}</bdi>
                  </span>
                )}
              </p>
            </div>
          </TableCell>
          <TableCell className="text-mut">{row.channel}</TableCell>
          <TableCell>
            <Tag tone={STATUS_BADGE[row.status].tone}>
              <span aria-hidden>{STATUS_BADGE[row.status].sign}</span> {STATUS_BADGE[row.status].word}
            </Tag>
          </TableCell>
          <TableCell numeric className="hidden text-mut sm:table-cell">
            {row.status === "silenced" ? "–" : count(row.attempts)}
          </TableCell>
          <TableCell numeric className="text-mut">
            <When row={row} />
          </TableCell>
          <TableCell numeric>{row.status === "failed" && <Retry id={row.id} />}</TableCell>
        </TableRow>
      ))}
    </TableBody>
  </Table>
);

function When({ row }: { readonly row: DeliveryRow }) {
  const now = useNow();
  const inMs = row.nextAt === null || now === null ? 0 : Date.parse(row.nextAt) - now;
  if (row.status === "pending" && row.attempts > 0 && inMs > 0) return <>retry in {durationMs(inMs)}</>;
  return <RelativeTime at={row.sentAt ?? row.createdAt} />;
}

function Retry({ id }: { readonly id: string }) {
  const retry = useRetryDelivery();
  const refusal = useWriteRefusal();
  return (
    <Button
      size="sm"
      disabled={refusal !== null || retry.isPending}
      {...(refusal !== null && { title: refusal })}
      onClick={() => retry.mutate(id)}
    >
      <RotateCcw /> Retry
    </Button>
  );
}
