export const REPLAY_KINDS = ["redrive", "offset_reset", "skip"] as const;

export const REPLAY_STATUSES = ["draft", "queued", "running", "paused", "completed", "failed", "cancelled"] as const;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];

/** `sending` is written before the broker is asked: after a crash these are the ones whose fate must be found out. */
export const REPLAY_ITEM_STATUSES = ["pending", "sending", "sent", "skipped", "failed"] as const;

/** What became of a sent event, once that is certain; `not_applicable`: it was sent to a sandbox topic. */
export const REPLAY_OUTCOMES = ["consumed", "dead_lettered", "not_applicable"] as const;
