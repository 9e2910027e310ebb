"use client";
import { RotateCcw } from "lucide-react";
import { Pager } from "#components/page/pager.tsx";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count } from "#components/ui/format.ts";
import { Select } from "#components/ui/select.tsx";
import { Table, TableBody, TableHead, TableHeader } from "#components/ui/table.tsx";
import type { FailureGroupView, FailureRow } from "#lib/contracts/failures.ts";
import { FailureEventRow } from "./failure-event-row.tsx";
import { KIND_WORDS } from "./kind-words.ts";
import { useEventSelection } from "./use-event-selection.ts";

type Status = FailureRow["status"];

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
  const selection = useEventSelection();
  const rows = view.failures.items;
  const words = KIND_WORDS[view.row.kind];
  const mayReplay = view.row.kind === "dead_letter";
  const selectedHere = rows.filter((row) => selection.ids.has(row.id)).length;
  return (
    <Card>
      <CardHeader title={words.titles}>
        {selection.ids.size > 0 && (
          <>
            <span className="text-mut">{count(selection.ids.size)} selected</span>
            <Button size="sm" variant="ghost" onClick={selection.clear}>
              Clear
            </Button>
            <Button size="sm" variant="primary" onClick={() => onReplay([...selection.ids])}>
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
                    checked={selectedHere === 0 ? false : selectedHere === rows.length ? true : "indeterminate"}
                    onCheckedChange={(on) =>
                      selection.toggle(
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
              <FailureEventRow
                key={row.id}
                row={row}
                isOpened={row.id === opened}
                onOpen={() => onOpen(row.id)}
                selection={
                  mayReplay && { isOn: selection.ids.has(row.id), onToggle: (on) => selection.toggle([row.id], on) }
                }
              />
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
