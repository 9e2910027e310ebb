"use client";
import { useMemo } from "react";
import { useListKeys } from "#components/page/use-list-keys.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { durationMs } from "#components/ui/format.ts";
import type { TraceView } from "#lib/contracts/traces.ts";
import { FATE_BADGE, fateLine } from "#components/messages/fate-words.ts";
import { timelineRows, type TimelineRow } from "./trace-layout.ts";

interface WaterfallProps {
  readonly view: TraceView;
  readonly opened: string;
  readonly onOpen: (id: string) => void;
}
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const;
const MOST = 500;

/** Each event from its publish time to the last group that consumed it; a dot per group, indented under its cause. */
export function Waterfall({ view, opened, onOpen }: WaterfallProps) {
  const list = useListKeys<HTMLUListElement>();
  const rows = useMemo(() => timelineRows(view).slice(0, MOST), [view]);
  const fromMs = Math.min(...rows.map((row) => row.atMs));
  const spanMs = Math.max(1, Math.max(...rows.map((row) => row.doneMs)) - fromMs);
  const share = (ms: number) => Math.min(100, Math.max(0, ((ms - fromMs) / spanMs) * 100));
  return (
    <div className="overflow-x-auto pb-1.5">
      <div className="min-w-[560px]">
        <div className="flex h-7 items-center border-b text-2xs text-dim">
          <span className="w-[38%] shrink-0 px-3.5">Event</span>
          <span className="relative mr-20 h-full flex-1">
            {TICKS.map((tick) => (
              <span
                key={tick}
                className={cn(
                  "absolute top-1.5 whitespace-nowrap",
                  tick === 0 ? "" : tick === 1 ? "-translate-x-full" : "-translate-x-1/2",
                )}
                style={{ left: `${tick * 100}%` }}
              >
                {durationMs(tick * spanMs)}
              </span>
            ))}
          </span>
        </div>
        <ul ref={list}>
          {rows.map((row) => (
            <Line
              key={row.event.id}
              row={row}
              share={share}
              offsetMs={row.atMs - fromMs}
              opened={row.event.id === opened}
              onOpen={onOpen}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: TimelineRow;
  readonly share: (ms: number) => number;
  readonly offsetMs: number;
  readonly opened: boolean;
  readonly onOpen: (id: string) => void;
}
function Line({ row: { event, depth, atMs, doneMs, cause }, share, offsetMs, opened, onOpen }: LineProps) {
  const bad = event.deadLetter || event.error;
  const from = share(atMs);
  const to = share(doneMs);
  return (
    <li
      className={cn(
        "relative flex h-8 items-center border-b border-line/70 last:border-b-0 hover:bg-raise/60",
        opened && "bg-raise",
      )}
    >
      <span
        className="flex w-[38%] shrink-0 items-center gap-1.5 overflow-hidden px-3.5"
        style={{ paddingLeft: 14 + Math.min(depth, 10) * 14 }}
      >
        {depth > 0 && (
          <span
            aria-hidden
            title={cause === null ? undefined : `${cause.knownBy} cause`}
            className={cause?.knownBy === "inferred" ? "text-dim" : "text-mut"}
          >
            {cause?.knownBy === "inferred" ? "┄" : "└"}
          </span>
        )}
        <button
          data-row-link
          type="button"
          aria-pressed={opened}
          onClick={() => onOpen(event.id)}
          className="min-w-0 truncate text-left after:absolute after:inset-0"
        >
          <BrokerText
            text={event.type ?? event.topic}
            className={cn("font-medium", bad && "text-bad")}
            maxLength={48}
          />
          {event.service !== null && <BrokerText text={event.service} className="ml-2 text-dim" maxLength={28} />}
        </button>
      </span>
      <span className="relative mr-20 h-full flex-1">
        <span
          aria-hidden
          className="absolute top-1/2 h-2 -translate-y-1/2 rounded-[3px]"
          style={{
            left: `${from}%`,
            width: `max(3px, ${to - from}%)`,
            background: bad ? "var(--badline)" : "var(--bar)",
            opacity: 0.9,
          }}
        />
        <span
          aria-hidden
          className="absolute top-1/2 h-3.5 w-[3px] -translate-y-1/2 rounded-sm"
          style={{ left: `${from}%`, background: bad ? "var(--bad-strong)" : "var(--acc)" }}
        />
        {event.fates.map(
          (fate) =>
            fate.at !== null && (
              <span
                key={fate.group}
                title={`${fate.group.slice(0, 100)}: ${fateLine(fate)}`}
                className="absolute top-1/2 z-10 size-2 -translate-1/2 rounded-full border border-panel"
                style={{ left: `${share(Date.parse(fate.at))}%`, background: FATE_BADGE[fate.fate].color }}
              />
            ),
        )}
        {event.fates.some((fate) => fate.fate === "waiting") && (
          <span
            className="absolute top-1/2 z-10 -translate-y-1/2 text-xs whitespace-nowrap text-warn"
            style={{ left: `calc(${Math.min(82, to)}% + 10px)` }}
          >
            … {event.fates.filter((fate) => fate.fate === "waiting").length} waiting
          </span>
        )}
      </span>
      <span className="absolute right-3 text-xs text-dim">+{durationMs(offsetMs)}</span>
    </li>
  );
}
