"use client";
import { Check } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { KeyLink } from "#components/page/key-link.tsx";
import { MessageCard } from "#components/messages/message-card.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, durationMs, plural } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { GroupView } from "#lib/contracts/groups.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";

/** The event each lagging partition waits at; the chosen one is opened beside it. */
export function HeadEvents({ view }: { readonly view: GroupView }) {
  const [chosen, choose] = useQueryState("event", parseAsString);
  const list = useListKeys<HTMLTableSectionElement>();
  const idOf = (head: GroupView["head"][number]) => `${head.topic}/${head.partition}/${head.offset}`;
  const open = view.head.find((head) => idOf(head) === chosen) ?? view.head[0];
  if (open === undefined)
    return (
      <Card>
        <EmptyState icon={Check} title="Nothing waits">
          When a partition falls behind, the event at its head is shown here, decoded.
        </EmptyState>
      </Card>
    );
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]">
      <Card>
        <CardHeader title="Head of line">{plural(view.head.length, "partition waits", "partitions wait")}</CardHeader>
        <Table>
          <TableHeader>
            <tr>
              <TableHead>Partition</TableHead>
              <TableHead numeric>Offset</TableHead>
              <TableHead>Type</TableHead>
              <TableHead>Key</TableHead>
              <TableHead numeric>Waits for</TableHead>
            </tr>
          </TableHeader>
          <TableBody ref={list}>
            {view.head.slice(0, 200).map((head) => (
              <TableRow key={idOf(head)} selected={head === open} className="relative">
                <TableCell>
                  <button
                    data-row-link
                    type="button"
                    aria-pressed={head === open}
                    onClick={() => void choose(idOf(head))}
                    className="after:absolute after:inset-0"
                  >
                    <BrokerText text={head.topic} maxLength={40} />[{head.partition}]
                  </button>
                </TableCell>
                <TableCell numeric className="font-mono text-xs">
                  {count(head.offset)}
                </TableCell>
                <TableCell>
                  {head.type === null ? (
                    <span className="text-dim">unknown</span>
                  ) : (
                    <BrokerText text={head.type} maxLength={40} />
                  )}
                </TableCell>
                <TableCell>
                  <KeyLink
                    text={head.key}
                    maxLength={32}
                    cluster={view.row.cluster}
                    event={eventIdOf({ ...head, cluster: view.row.cluster })}
                  />
                </TableCell>
                <TableCell numeric>{durationMs(head.waitingMs)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Card>
      <MessageCard
        title="At the head"
        at={{ cluster: view.row.cluster, topic: open.topic, partition: open.partition, offset: open.offset }}
      />
    </div>
  );
}
