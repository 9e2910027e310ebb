import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { bytes, count } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { MessageView } from "#lib/contracts/events.ts";

export const messageId = (message: MessageView): string => `${message.partition}/${message.offset}`;

interface MessageTableProps {
  readonly items: readonly MessageView[];
  readonly opened: string | null;
  readonly onOpen: (message: MessageView) => void;
}
export function MessageTable({ items, opened, onOpen }: MessageTableProps) {
  const list = useListKeys<HTMLTableSectionElement>();
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Time</TableHead>
          <TableHead numeric>Partition</TableHead>
          <TableHead numeric>Offset</TableHead>
          <TableHead>Type</TableHead>
          <TableHead>Key</TableHead>
          <TableHead className="hidden w-full md:table-cell">Body</TableHead>
          <TableHead numeric className="hidden sm:table-cell">
            Size
          </TableHead>
        </tr>
      </TableHeader>
      <TableBody ref={list}>
        {items.map((item) => {
          const id = messageId(item);
          return (
            <TableRow key={id} selected={id === opened} className="relative">
              <TableCell>
                <button
                  data-row-link
                  type="button"
                  aria-pressed={id === opened}
                  onClick={() => onOpen(item)}
                  className="font-mono text-xs text-mut after:absolute after:inset-0"
                >
                  {item.timestamp === null ? "–" : <ClockTime at={item.timestamp} />}
                </button>
              </TableCell>
              <TableCell numeric className="text-mut">
                {item.partition}
              </TableCell>
              <TableCell numeric className="font-mono text-xs">
                {count(item.offset)}
              </TableCell>
              <TableCell>
                {item.type === null ? (
                  <span className="text-dim">unknown</span>
                ) : (
                  <BrokerText text={item.type} maxLength={32} />
                )}
              </TableCell>
              <TableCell>
                {item.key === null ? (
                  <span className="text-dim">none</span>
                ) : (
                  <BrokerText mono text={item.key} maxLength={20} />
                )}
              </TableCell>
              <TableCell className="hidden w-full max-w-0 truncate text-dim md:table-cell">
                <BrokerText mono text={item.text.slice(0, 400).replace(/\s+/g, " ").slice(0, 160)} maxLength={160} />
              </TableCell>
              <TableCell numeric className="hidden text-dim sm:table-cell">
                {bytes(item.sizeBytes)}
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
