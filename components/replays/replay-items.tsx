"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { Pager } from "#components/page/pager.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { Table, TableBody, TableHead, TableHeader } from "#components/ui/table.tsx";
import type { ReplayItemRow, ReplayView } from "#lib/contracts/replays.ts";
import { EditDialog } from "./edit-dialog.tsx";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useChooseItems } from "./use-replay.ts";
import { ReplayItem } from "./replay-item.tsx";

const SHOWN = ["all", "trouble", "left-out"] as const;
const BELONGS: Readonly<Record<(typeof SHOWN)[number], (item: ReplayItemRow) => boolean>> = {
  all: () => true,
  trouble: (item) => item.status === "failed" || item.outcome === "dead_lettered",
  "left-out": (item) => item.status === "skipped",
};

interface ReplayItemsProps {
  readonly view: ReplayView;
  readonly cursor: string | null;
  readonly onCursor: (cursor: string | null) => void;
}
/** Each item with what became of it. */
export function ReplayItems({ view, cursor, onCursor }: ReplayItemsProps) {
  const [shown, setShown] = useQueryState("items", parseAsStringLiteral(SHOWN).withDefault("all"));
  const { items } = view;
  const [editing, setEditing] = useState<ReplayItemRow | null>(null);
  const choosing = useChooseItems(view.row.id);
  const isDraft = view.row.status === "draft";
  const refusal = useWriteRefusal();
  const rows = items.items.filter(BELONGS[shown]);
  return (
    <Card>
      <CardHeader title="Items">
        <Segmented
          aria-label="Which items of this page"
          className="h-7"
          value={shown}
          onValueChange={(next) => void setShown(next)}
          options={[
            { value: "trouble", label: "failed" },
            { value: "left-out", label: "left out" },
            { value: "all", label: items.total === null ? "all" : `all ${count(items.total)}` },
          ]}
        />
      </CardHeader>
      {rows.length === 0 ? (
        <EmptyState title={shown === "all" ? "No items" : "None on this page"}>
          {shown === "all"
            ? "The plan held nothing to send. Make another with more events selected."
            : "Look at the next page, or at all of them."}
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              {isDraft && <TableHead>Send</TableHead>}
              <TableHead numeric>#</TableHead>
              <TableHead>Event</TableHead>
              <TableHead>Key</TableHead>
              <TableHead>Sent to</TableHead>
              <TableHead>Sent</TableHead>
              <TableHead className="w-full">Outcome</TableHead>
            </tr>
          </TableHeader>
          <TableBody>
            {rows.map((item) => (
              <ReplayItem
                key={item.seq}
                item={item}
                chooser={
                  isDraft && (
                    <Checkbox
                      aria-label={`Send item ${item.seq}`}
                      checked={item.status === "pending"}
                      disabled={
                        refusal !== null ||
                        choosing.isPending ||
                        (item.status !== "pending" && item.reason !== "left_out_by_hand")
                      }
                      onCheckedChange={(on) =>
                        choosing.mutate(on === true ? { include: [item.seq] } : { exclude: [item.seq] })
                      }
                    />
                  )
                }
                onEdit={isDraft && refusal === null && item.status === "pending" ? () => setEditing(item) : null}
              />
            ))}
          </TableBody>
        </Table>
      )}
      {editing !== null && (
        <EditDialog runId={view.row.id} cluster={view.row.cluster} item={editing} onClose={() => setEditing(null)} />
      )}
      <Pager
        noun="items"
        shown={items.items.length}
        total={items.total}
        next={items.next}
        cursor={cursor}
        onCursor={onCursor}
      />
    </Card>
  );
}
