"use client";
import { GitBranch, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { KeyLink } from "#components/page/key-link.tsx";
import { Pager } from "#components/page/pager.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Select } from "#components/ui/select.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag, type Tone } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { FailureGroupView, FailureRow } from "#lib/contracts/failures.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { KIND_WORDS } from "./kind-words.ts";

type Status = FailureRow["status"];
const STATUS_TONE: Readonly<Record<Status, Tone>> = { open: "bad", replaying: "accent", resolved: "ok" };
const MOST_CHOSEN = 5000;

interface FailureEventsProps {
  readonly view: FailureGroupView;
  readonly opened: string | null;
  readonly onOpen: (id: string) => void;
  readonly status: Status | null;
  readonly onStatus: (status: Status | null) => void;
  readonly cursor: string | null;
  readonly onCursor: (cursor: string | null) => void;
  readonly onReplay: (failureIds: readonly string[]) => void;
}
/** The events of a failure: select some, across pages, and replay them. */
export function FailureEvents({
  view,
  opened,
  onOpen,
  status,
  onStatus,
  cursor,
  onCursor,
  onReplay,
}: FailureEventsProps) {
  const list = useListKeys<HTMLTableSectionElement>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = view.failures.items;
  const words = KIND_WORDS[view.row.kind];
  const mayReplay = view.row.kind === "dead_letter";
  const here = rows.filter((row) => chosen.has(row.id)).length;
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (!on) next.delete(id);
      else if (next.size < MOST_CHOSEN) next.add(id);
    }
    setChosen(next);
  };
  return (
    <Card>
      <CardHeader title={words.titles}>
        {chosen.size > 0 && (
          <>
            <span className="text-mut">{count(chosen.size)} selected</span>
            <Button size="sm" variant="ghost" onClick={() => setChosen(new Set())}>
              Clear
            </Button>
            <Button size="sm" variant="primary" onClick={() => onReplay([...chosen])}>
              <RotateCcw /> Replay…
            </Button>
          </>
        )}
        <Select
          aria-label="Status"
          className="h-7 text-xs"
          value={status ?? "any"}
          onValueChange={(next) => onStatus(next === "any" ? null : next)}
          options={[
            { value: "any" as const, label: "All statuses" },
            { value: "open" as const, label: "Open" },
            { value: "replaying" as const, label: "Replaying" },
            { value: "resolved" as const, label: "Resolved" },
          ]}
        />
      </CardHeader>
      {rows.length === 0 ? (
        <EmptyState title={status === null ? `No stored ${words.many}` : `No ${status} ${words.many}`}>
          {status === null ? `The ${words.many} are older than the retention.` : "Select another status."}
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              {mayReplay && (
                <TableHead className="w-9">
                  <Checkbox
                    aria-label="Select all on this page"
                    checked={here === 0 ? false : here === rows.length ? true : "indeterminate"}
                    onCheckedChange={(on) =>
                      choose(
                        rows.map((row) => row.id),
                        on === true,
                      )
                    }
                  />
                </TableHead>
              )}
              <TableHead>Event</TableHead>
              <TableHead>Key</TableHead>
              <TableHead>Group</TableHead>
              <TableHead>Source</TableHead>
              <TableHead numeric>Failed</TableHead>
              <TableHead>Status</TableHead>
              <TableHead>
                <span className="sr-only">Trace</span>
              </TableHead>
            </tr>
          </TableHeader>
          <TableBody ref={list}>
            {rows.map((row) => (
              <TableRow key={row.id} selected={row.id === opened} className="relative">
                {mayReplay && (
                  <TableCell>
                    <Checkbox
                      className="relative z-10"
                      aria-label={`Select the dead letter at offset ${row.offset}`}
                      checked={chosen.has(row.id)}
                      onCheckedChange={(on) => choose([row.id], on === true)}
                    />
                  </TableCell>
                )}
                <TableCell>
                  <button
                    data-row-link
                    type="button"
                    aria-pressed={row.id === opened}
                    onClick={() => onOpen(row.id)}
                    className="text-left after:absolute after:inset-0"
                  >
                    {row.type === null ? (
                      <span className="text-mut">unknown type</span>
                    ) : (
                      <BrokerText text={row.type} maxLength={36} />
                    )}
                  </button>
                </TableCell>
                <TableCell>
                  <KeyLink text={row.key} maxLength={24} cluster={row.cluster} />
                </TableCell>
                <TableCell className="text-mut">
                  {row.group === null ? (
                    <span className="text-dim">unknown</span>
                  ) : (
                    <BrokerText text={row.group} maxLength={24} />
                  )}
                </TableCell>
                <TableCell className="text-mut">
                  {row.originalTopic === null ? (
                    <span className="text-dim">unknown</span>
                  ) : (
                    <BrokerText text={row.originalTopic} maxLength={28} />
                  )}
                  {row.originalPartition !== null && `[${row.originalPartition}]`}{" "}
                  {row.originalOffset !== null && (
                    <span className="font-mono text-xs">{count(row.originalOffset)}</span>
                  )}
                </TableCell>
                <TableCell numeric className="text-mut">
                  <RelativeTime at={row.failedAt} />
                </TableCell>
                <TableCell>
                  <Tag tone={STATUS_TONE[row.status]}>{row.status.toUpperCase()}</Tag>
                </TableCell>
                <TableCell>
                  {row.traceId !== null && (
                    <Button
                      asChild
                      variant="ghost"
                      size="icon-sm"
                      className="relative z-10"
                      aria-label="Open trace"
                      title="Open trace"
                    >
                      <Link href={pages.trace(row.traceId, { event: eventIdOf(row) })}>
                        <GitBranch />
                      </Link>
                    </Button>
                  )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      <Pager
        noun={words.many}
        shown={rows.length}
        total={view.failures.total}
        next={view.failures.next}
        cursor={cursor}
        onCursor={onCursor}
      />
    </Card>
  );
}
