import Link from "next/link";
import { Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { KeyLink } from "#components/page/key-link.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { count } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { TableCell, TableRow } from "#components/ui/table.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayItemRow } from "#lib/contracts/replays.ts";
import { itemWords } from "./item-words.ts";

interface ReplayItemProps {
  readonly item: ReplayItemRow;
  readonly chooser: ReactNode;
  /** null: it cannot be edited any more, or not by this person */
  readonly onEdit: (() => void) | null;
}
/** One item of a replay: the event, where it is sent, and its outcome. */
export function ReplayItem({ item, chooser, onEdit }: ReplayItemProps) {
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
