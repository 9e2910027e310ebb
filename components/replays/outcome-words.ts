/** How far a replay is: the parts of its bar, its outcomes in one sentence, and its pace. */
import { count } from "#components/ui/format.ts";
import type { ReplayRow, ReplayView } from "#lib/contracts/replays.ts";

export interface Share {
  readonly key: string;
  readonly label: string;
  readonly items: number;
  readonly color: string;
  /** what is not in the bar itself: left out, which does not count, or still to come, which keeps the bar from full */
  readonly rest?: "left out" | "to come";
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
    { key: "skipped", label: "left out", items: progress.skipped, color: "var(--warn)", rest: "left out" },
    { key: "pending", label: "not sent yet", items: progress.pending, color: "var(--dim)", rest: "to come" },
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
  const again =
    outcomes.deadLettered === 0 ? "" : ` · ${count(outcomes.deadLettered)} of ${count(sent)} failed again${otherCause}`;
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
