"use client";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Pencil } from "lucide-react";
import { useState, type ReactNode } from "react";
import { KeyLink } from "#components/page/key-link.tsx";
import { Pager } from "#components/page/pager.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayItemRow, ReplayView } from "#lib/contracts/replays.ts";
import { EditDialog } from "./edit-dialog.tsx";
import { itemWords } from "./replay-words.ts";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { useChooseItems } from "./use-replay.ts";

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
          {shown === "all" ? "The plan held nothing to send." : "Look at the next page, or at all of them."}
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
              <Item
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

interface ItemProps {
  readonly item: ReplayItemRow;
  readonly chooser: ReactNode;
  /** null: it cannot be edited any more, or not by this person */
  readonly onEdit: (() => void) | null;
}
function Item({ item, chooser, onEdit }: ItemProps) {
  const words = itemWords(item);
  return (
    <TableRow>
      {chooser !== false && <TableCell>{chooser}</TableCell>}
      <TableCell numeric className="text-dim">
        {item.seq}
      </TableCell>
      <TableCell>
        <BrokerText text={item.sourceTopic} maxLength={28} />[{item.sourcePartition}]{" "}
        <span className="font-mono text-xs text-mut">{count(item.sourceOffset)}</span>
      </TableCell>
      <TableCell>
        <KeyLink text={item.key} maxLength={28} />
      </TableCell>
      <TableCell className="text-mut">
        <BrokerText text={item.targetTopic} maxLength={28} />
        {item.targetOffset !== null && (
          <>
            [{item.targetPartition}] <span className="font-mono text-xs">{count(item.targetOffset)}</span>
          </>
        )}
      </TableCell>
      <TableCell className="font-mono text-xs text-mut">
        {item.sentAt === null ? "–" : <ClockTime at={item.sentAt} />}
      </TableCell>
      <TableCell className="w-full max-w-0 min-w-56 truncate" title={item.detail?.slice(0, 500)}>
        <span className={words.className}>
          <span aria-hidden className="mr-1.5 inline-block w-3 text-center">
            {words.sign}
          </span>
          {words.text}
        </span>
        {item.detail !== null && (
          <span className="text-mut">
            : <BrokerText text={item.detail} maxLength={120} />
          </span>
        )}
        {item.edited && <span className="text-acc"> · edited by hand</span>}
        {onEdit !== null && (
          <Button size="sm" className="ml-2 align-middle" aria-label={`Edit item ${item.seq}`} onClick={onEdit}>
            <Pencil /> Edit
          </Button>
        )}
        {item.newerOffset !== null && item.status !== "skipped" && (
          <span className="text-warn"> · stale: its key had a newer event at {count(item.newerOffset)}</span>
        )}
        {item.again !== null && (
          <>
            :{" "}
            <Link className="text-acc underline underline-offset-2" href={pages.failure(item.again.fingerprint)}>
              <BrokerText text={item.again.title} maxLength={60} />
            </Link>
          </>
        )}
        {item.outcomeAt !== null && (
          <span className="text-mut">
            {" "}
            at <ClockTime at={item.outcomeAt} className="font-mono text-xs" />
          </span>
        )}
        {item.traceId !== null && item.outcome === "consumed" && (
          <>
            {" "}
            ·{" "}
            <Link className="text-acc underline underline-offset-2" href={pages.trace(item.traceId)}>
              what followed
            </Link>
          </>
        )}
      </TableCell>
    </TableRow>
  );
}
