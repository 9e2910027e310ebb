"use client";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useNow } from "#components/time/now.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { count, durationMs, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Select } from "#components/ui/select.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { DeliveriesView, DeliveryStatus, type DeliveryRow } from "#lib/contracts/alerts.ts";
import { KIND_WORD, STATUS_BADGE } from "./alert-badges.ts";
import { useRetryDelivery } from "./use-alerts.ts";

const PAGE_ITEMS = 20;

/** The messages that were sent, to which channel and with what outcome. */
export function DeliveryLog({ channels }: { readonly channels: readonly string[] }) {
  const [filter, setFilter] = useQueryStates({
    channel: parseAsString,
    status: parseAsStringLiteral(DeliveryStatus.options),
    cursor: parseAsString,
  });
  const asked = { ...filter, limit: PAGE_ITEMS };
  const query = useQuery({
    queryKey: keys.alerts.deliveries(asked),
    queryFn: ({ signal }) => fetchJson(api.alertDeliveries(asked), DeliveriesView, { signal }),
  });
  return (
    <Card aria-label="Messages">
      <CardHeader title="Messages" className="flex-wrap">
        <Select
          aria-label="Channel"
          className="h-7 text-xs"
          value={filter.channel ?? "any"}
          onValueChange={(channel) => void setFilter({ channel: channel === "any" ? null : channel, cursor: null })}
          options={[{ value: "any", label: "All channels" }, ...channels.map((name) => ({ value: name, label: name }))]}
        />
        <Select
          aria-label="Outcome"
          className="h-7 text-xs"
          value={filter.status ?? "any"}
          onValueChange={(status) => void setFilter({ status: status === "any" ? null : status, cursor: null })}
          options={[
            { value: "any" as const, label: "All outcomes" },
            ...DeliveryStatus.options.map((status) => ({
              value: status,
              label: STATUS_BADGE[status].word.toLowerCase(),
            })),
          ]}
        />
      </CardHeader>
      <Loaded query={query} what="The messages">
        {(view) =>
          view.items.length === 0 ? (
            <p className="border-t px-3.5 py-3 text-mut">
              {filter.channel !== null || filter.status !== null
                ? "No message matches the filters."
                : "No messages sent yet. Test a channel to see one here."}
            </p>
          ) : (
            <>
              <DeliveryTable rows={view.items} />
              <Pager
                noun="messages"
                shown={view.items.length}
                total={view.total}
                next={view.next}
                cursor={filter.cursor}
                onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

const DeliveryTable = ({ rows }: { readonly rows: readonly DeliveryRow[] }) => (
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
