/** How a replay and its items read. */
import type { Tone } from "#components/ui/tag.tsx";
import { count } from "#components/ui/format.ts";
import type { ReplayItemRow, ReplayRow, ReplayStatus, ReplayView } from "#lib/contracts/replays.ts";

interface StatusBadge {
  readonly word: string;
  readonly tone: Tone;
  readonly sign: string;
}
export const STATUS_BADGE: Readonly<Record<ReplayStatus, StatusBadge>> = {
  draft: { word: "DRAFT", tone: "neutral", sign: "○" },
  queued: { word: "QUEUED", tone: "accent", sign: "…" },
  running: { word: "RUNNING", tone: "accent", sign: "▶" },
  paused: { word: "PAUSED", tone: "warn", sign: "⏸" },
  completed: { word: "COMPLETED", tone: "ok", sign: "✓" },
  failed: { word: "FAILED", tone: "bad", sign: "✕" },
  cancelled: { word: "CANCELLED", tone: "warn", sign: "■" },
};

/**
 * That all was sent says nothing yet of how it ended: a redrive is done when each event is known to be consumed or to
 * have failed again.
 */
export function statusBadge({
  kind,
  status,
  sandbox,
  progress,
}: Pick<ReplayRow, "kind" | "status" | "sandbox" | "progress">): StatusBadge {
  if (kind !== "redrive" || status !== "completed") return STATUS_BADGE[status];
  if (sandbox !== null) return { word: "SENT", tone: "ok", sign: "✓" };
  if (progress.verified < progress.sent) return { word: "SENT", tone: "accent", sign: "…" };
  return progress.failedAgain > 0
    ? { word: "FAILED AGAIN", tone: "bad", sign: "✕" }
    : { word: "VERIFIED", tone: "ok", sign: "✓" };
}

export const KIND_WORD: Readonly<Record<ReplayRow["kind"], string>> = {
  offset_reset: "offset reset",
  redrive: "redrive",
  skip: "skip",
};

/** Whether the run waits for something after which it continues by itself, so that nothing is wrong. */
export const isWaiting = ({ hold }: Pick<ReplayRow, "hold">): boolean =>
  hold?.kind === "waiting_for_empty_group" || hold?.kind === "waiting_for_transaction";

/** The title above the explanation of what is wrong with a run. */
export function stopTitle({ status, hold }: Pick<ReplayRow, "status" | "hold">): string {
  if (status === "failed") return "Failed";
  if (status === "completed") return "Not everything was sent";
  if (status !== "paused") return "Held up";
  return hold?.kind === "refused_by_broker" ? "Paused: the broker refuses it" : "Paused by itself";
}

export const isOver = (status: ReplayStatus): boolean =>
  status === "completed" || status === "failed" || status === "cancelled";

export interface OutcomeWords {
  readonly sign: string;
  readonly text: string;
  readonly className: string;
}
/** What became of one item: the outcome once it was sent, else why it was not. */
export function itemWords(item: Pick<ReplayItemRow, "status" | "outcome" | "again">): OutcomeWords {
  if (item.status === "failed") return { sign: "✕", text: "not sent: the broker refused it", className: "text-bad" };
  if (item.status === "skipped") return { sign: "△", text: "left out", className: "text-warn" };
  if (item.status === "pending") return { sign: "○", text: "not sent yet", className: "text-dim" };
  if (item.status === "sending") return { sign: "…", text: "being sent", className: "text-acc" };
  switch (item.outcome) {
    case "consumed":
      return { sign: "✓", text: "consumed", className: "text-ok" };
    case "dead_lettered":
      return {
        sign: "✕",
        text:
          item.again === null
            ? "failed again"
            : item.again.sameCause
              ? "failed again, the same cause"
              : "failed again, another cause",
        className: "text-bad",
      };
    case "not_applicable":
      return { sign: "✓", text: "sent to the sandbox", className: "text-ok" };
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
export function shares(
  progress: ReplayRow["progress"],
  outcomes: {
    readonly consumed: number;
    readonly deadLettered: number;
    readonly waiting: number;
    readonly unknown: number;
    readonly notApplicable?: number;
  },
): readonly Share[] {
  const inSandbox = outcomes.notApplicable ?? 0;
  return [
    { key: "consumed", label: "consumed", items: outcomes.consumed, color: "var(--ok)" },
    { key: "sandbox", label: "sent to the sandbox", items: inSandbox, color: "var(--ok)" },
    {
      key: "waiting",
      label: "sent, waiting",
      items: Math.max(0, progress.sent - outcomes.consumed - outcomes.deadLettered - outcomes.unknown - inSandbox),
      color: "var(--edge)",
    },
    { key: "unknown", label: "sent, outcome not known", items: outcomes.unknown, color: "var(--mut)" },
    { key: "again", label: "failed again", items: outcomes.deadLettered, color: "var(--bad-strong)" },
    { key: "refused", label: "refused by the broker", items: progress.failed, color: "var(--bad-strong)" },
    { key: "skipped", label: "left out", items: progress.skipped, color: "var(--warn)", rest: true },
    { key: "pending", label: "not sent yet", items: progress.pending, color: "var(--dim)", rest: true },
  ];
}

/** How a redrive ended, or how far that is known, in one sentence; null before anything was sent. */
export function outcomeSentence(sent: number, group: string | null, outcomes: ReplayView["outcomes"]): string | null {
  if (sent === 0) return null;
  if (outcomes.notApplicable > 0) {
    const inSandbox = `${count(outcomes.notApplicable)} sent to the sandbox, where nobody is to consume them`;
    return `${inSandbox}: there is no outcome to wait for`;
  }
  const verified = outcomes.consumed + outcomes.deadLettered;
  const by = group === null ? "" : ` by ${group}`;
  const otherCause = outcomes.otherCause === 0 ? "" : `, ${count(outcomes.otherCause)} of them with another cause`;
  const again = outcomes.deadLettered === 0 ? "" : ` · ${count(outcomes.deadLettered)} failed again${otherCause}`;
  const consumed = `${count(outcomes.consumed)} consumed${by}${again}`;
  return verified < sent
    ? `verifying: ${count(verified)} of ${count(sent)} verified · ${consumed}`
    : `${count(sent)} sent, ${count(verified)} of ${count(sent)} verified · ${consumed}`;
}

/**
 * Items per second, and the seconds left at that rate: of late while it runs, over all when it is over; null while
 * nothing can be said.
 */
export function pace(
  row: Pick<ReplayRow, "status" | "startedAt" | "finishedAt" | "progress">,
  recentPerSecond: number,
): { readonly perSecond: number; readonly leftSeconds: number | null } | null {
  if (row.status === "running")
    return recentPerSecond <= 0
      ? null
      : { perSecond: recentPerSecond, leftSeconds: row.progress.pending / recentPerSecond };
  if (row.startedAt === null || row.finishedAt === null) return null;
  const seconds = (Date.parse(row.finishedAt) - Date.parse(row.startedAt)) / 1000;
  return seconds <= 0 || row.progress.sent === 0 ? null : { perSecond: row.progress.sent / seconds, leftSeconds: null };
}
