/** How a replay and its items read. */
import { count } from "#components/ui/format.ts";
import type { Tone } from "#components/ui/tag.tsx";
import type { ReplayRow, ReplayStatus } from "#lib/contracts/replays.ts";

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
  verifying: { word: "VERIFYING", tone: "accent", sign: "…" },
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
    ? { word: `${count(progress.failedAgain)} OF ${count(progress.sent)} FAILED AGAIN`, tone: "bad", sign: "✕" }
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
  status === "verifying" || status === "completed" || status === "failed" || status === "cancelled";
