/** How a replay and its items read. */
import type { Tone } from "#components/ui/tag.tsx";
import type { ReplayItemRow, ReplayRow, ReplayStatus } from "#lib/contracts/replays.ts";

export const STATUS_LOOK: Readonly<Record<ReplayStatus, { readonly word: string; readonly tone: Tone; readonly sign: string }>> = {
  draft: { word: "DRAFT", tone: "neutral", sign: "○" },
  queued: { word: "QUEUED", tone: "accent", sign: "…" },
  running: { word: "RUNNING", tone: "accent", sign: "▶" },
  completed: { word: "COMPLETED", tone: "ok", sign: "✓" },
  failed: { word: "FAILED", tone: "bad", sign: "✕" },
  cancelled: { word: "CANCELLED", tone: "warn", sign: "■" },
};

export const KIND_WORD: Readonly<Record<ReplayRow["kind"], string>> = { offset_reset: "offset reset", redrive: "redrive" };

export const isOver = (status: ReplayStatus): boolean => status === "completed" || status === "failed" || status === "cancelled";

export interface OutcomeWords {
  readonly sign: string;
  readonly text: string;
  readonly className: string;
}
/** What became of one item: the outcome once it was sent, else why it was not. */
export function itemWords(item: Pick<ReplayItemRow, "status" | "outcome" | "detail">): OutcomeWords {
  if (item.status === "failed") return { sign: "✕", text: "not sent: the broker refused it", className: "text-bad" };
  if (item.status === "skipped") return { sign: "△", text: "left out", className: "text-warn" };
  if (item.status === "pending") return { sign: "○", text: "not sent yet", className: "text-dim" };
  if (item.status === "sending") return { sign: "…", text: "being sent", className: "text-acc" };
  switch (item.outcome) {
    case "consumed":
      return { sign: "✓", text: "consumed", className: "text-ok" };
    case "dead_lettered":
      return { sign: "✕", text: "failed again", className: "text-bad" };
    case "waiting":
      return { sign: "…", text: "sent, waiting to be consumed", className: "text-acc" };
    default:
      return { sign: "?", text: "sent; its outcome is not known", className: "text-mut" };
  }
}

export interface Share {
  readonly key: string;
  readonly label: string;
  readonly items: number;
  readonly color: string;
  /** what is not in the bar itself: left out, or still to come */
  readonly rest?: boolean;
}
/** The bar's parts, in its order; they add up to the total. */
export function shares(progress: ReplayRow["progress"], outcomes: { readonly consumed: number; readonly deadLettered: number; readonly waiting: number; readonly unknown: number }): readonly Share[] {
  return [
    { key: "consumed", label: "consumed", items: outcomes.consumed, color: "var(--ok)" },
    { key: "waiting", label: "sent, waiting", items: Math.max(0, progress.sent - outcomes.consumed - outcomes.deadLettered - outcomes.unknown), color: "var(--edge)" },
    { key: "unknown", label: "sent, outcome not known", items: outcomes.unknown, color: "var(--mut)" },
    { key: "again", label: "failed again", items: outcomes.deadLettered, color: "var(--bad-strong)" },
    { key: "refused", label: "refused by the broker", items: progress.failed, color: "var(--bad-strong)" },
    { key: "skipped", label: "left out", items: progress.skipped, color: "var(--warn)", rest: true },
    { key: "pending", label: "not sent yet", items: progress.pending, color: "var(--dim)", rest: true },
  ];
}

/** Items per second since it started, and the seconds left at that rate; null while nothing can be said. */
export function pace(row: Pick<ReplayRow, "startedAt" | "finishedAt" | "progress">, nowMs: number): { readonly perSecond: number; readonly leftSeconds: number | null } | null {
  if (row.startedAt === null) return null;
  const seconds = ((row.finishedAt === null ? nowMs : Date.parse(row.finishedAt)) - Date.parse(row.startedAt)) / 1000;
  if (seconds <= 0 || row.progress.sent === 0) return null;
  const perSecond = row.progress.sent / seconds;
  return { perSecond, leftSeconds: row.finishedAt === null ? row.progress.pending / perSecond : null };
}
