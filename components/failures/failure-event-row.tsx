import { GitBranch } from "lucide-react";
import Link from "next/link";
import { KeyLink } from "#components/page/key-link.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { count } from "#components/ui/format.ts";
import { TableCell, TableRow } from "#components/ui/table.tsx";
import { Tag, type Tone } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { FailureRow } from "#lib/contracts/failures.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";

const STATUS_TONE: Readonly<Record<FailureRow["status"], Tone>> = {
  open: "bad",
  replaying: "accent",
  resolved: "ok",
};

interface FailureEventRowProps {
  readonly row: FailureRow;
  readonly isOpened: boolean;
  readonly onOpen: () => void;
  /** false: it cannot be replayed, so there is no checkbox */
  readonly selection: false | { readonly isOn: boolean; readonly onToggle: (on: boolean) => void };
}
/** One event of a failure: what failed, in which group, where it came from and its status. */
export function FailureEventRow({ row, isOpened, onOpen, selection }: FailureEventRowProps) {
  return (
    <TableRow selected={isOpened} className="relative">
      {selection !== false && (
        <TableCell>
          <Checkbox
            className="relative z-10"
            aria-label={`Select the dead letter at offset ${row.offset}`}
            checked={selection.isOn}
            onCheckedChange={(on) => selection.onToggle(on === true)}
          />
        </TableCell>
      )}
      <TableCell>
        <button
          data-row-link
          type="button"
          aria-pressed={isOpened}
          onClick={onOpen}
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
        {row.originalOffset !== null && <span className="font-mono text-xs">{count(row.originalOffset)}</span>}
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
  );
}
