import { count, durationMs } from "#components/ui/format.ts";
import type { Fate } from "#lib/contracts/events.ts";

export interface FateWords {
  readonly sign: string;
  readonly word: string;
  readonly className: string;
  /** the colour of its mark on a timeline */
  readonly color: string;
}
export const FATE_BADGE: Readonly<Record<Fate["fate"], FateWords>> = {
  consumed: { sign: "✓", word: "consumed", className: "text-ok", color: "var(--ok)" },
  waiting: { sign: "…", word: "waiting", className: "text-warn", color: "var(--warn)" },
  dead_lettered: { sign: "✕", word: "dead-lettered", className: "text-bad", color: "var(--bad-strong)" },
  skipped: { sign: "△", word: "skipped", className: "text-warn", color: "var(--warn)" },
  expired: { sign: "⌀", word: "expired before consumption", className: "text-bad", color: "var(--bad-strong)" },
  unknown: { sign: "?", word: "unknown", className: "text-dim", color: "var(--dim)" },
};

/** The outcome of an event in a group, in one line. */
export function fateLine(fate: Fate): string {
  const badge = FATE_BADGE[fate.fate];
  if (fate.fate === "waiting") return fate.ahead === null ? badge.word : `waiting, ${count(fate.ahead)} ahead`;
  return fate.afterMs === null ? badge.word : `${badge.word} after ${durationMs(fate.afterMs)}`;
}
