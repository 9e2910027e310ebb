import { useMemo } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { durationMs } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { TraceView } from "#lib/contracts/traces.ts";
import { FATE_BADGE, fateLine } from "#components/messages/fate-words.ts";
import { timelineRows } from "./trace-layout.ts";

const MOST_GROUPS = 24;

interface FatesTableProps {
  readonly view: TraceView;
  readonly opened: string;
  readonly onOpen: (id: string) => void;
}
/** Events by groups: shows at a glance which group has not consumed which event. */
export function FatesTable({ view, opened, onOpen }: FatesTableProps) {
  const rows = useMemo(() => timelineRows(view), [view]);
  const groups = useMemo(
    () =>
      [...new Set(view.events.flatMap((event) => event.fates.map((fate) => fate.group)))]
        .toSorted()
        .slice(0, MOST_GROUPS),
    [view.events],
  );
  if (groups.length === 0)
    return (
      <EmptyState title="No group reads these topics">
        Outcomes appear when a consumer group commits past one of these events. Start a consumer of these topics.
      </EmptyState>
    );
  return (
    <Table>
      <TableHeader>
        <tr>
          <TableHead>Event</TableHead>
          {groups.map((group) => (
            <TableHead key={group}>
              <BrokerText text={group} maxLength={22} />
            </TableHead>
          ))}
        </tr>
      </TableHeader>
      <TableBody>
        {rows.map(({ event, depth }) => {
          const fates = new Map(event.fates.map((fate) => [fate.group, fate]));
          return (
            <TableRow key={event.id} selected={event.id === opened} className="relative">
              <TableCell>
                <button
                  type="button"
                  aria-pressed={event.id === opened}
                  onClick={() => onOpen(event.id)}
                  className="after:absolute after:inset-0"
                  style={{ paddingLeft: Math.min(depth, 8) * 12 }}
                >
                  <BrokerText
                    text={event.type ?? event.topic}
                    className={event.deadLetter ? "text-bad" : ""}
                    maxLength={36}
                  />
                </button>
              </TableCell>
              {groups.map((group) => {
                const fate = fates.get(group);
                if (fate === undefined)
                  return (
                    <TableCell key={group} className="text-dim" title="The group does not read this topic">
                      ·
                    </TableCell>
                  );
                const badge = FATE_BADGE[fate.fate];
                return (
                  <TableCell key={group} title={[fateLine(fate), fate.note].filter(Boolean).join("\n").slice(0, 400)}>
                    <span className={badge.className}>{badge.sign}</span>{" "}
                    <span className={fate.fate === "consumed" ? "text-mut" : badge.className}>
                      {fate.fate === "consumed" && fate.afterMs !== null ? durationMs(fate.afterMs) : badge.word}
                    </span>
                  </TableCell>
                );
              })}
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
