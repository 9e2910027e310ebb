export interface PartitionPace {
  readonly lagMessages: bigint;
  /** events per second written and consumed */
  readonly inRate: number;
  readonly outRate: number;
}

/**
 * Seconds until the last partition has caught up at today's rates: partitions do not help each other, so the slowest decides. Zero
 * when nothing waits, null when one of them does not catch up.
 */
export function catchUpSeconds(partitions: readonly PartitionPace[]): number | null {
  let slowest = 0;
  for (const { lagMessages, inRate, outRate } of partitions) {
    if (lagMessages <= 0n) continue;
    const gain = outRate - inRate;
    if (gain <= 0) return null;
    slowest = Math.max(slowest, Number(lagMessages) / gain);
  }
  return slowest;
}

/**
 * Seconds until retention by time deletes the first event that waits; zero when it has begun to. Null when nothing waits, when the
 * log is kept for ever, or when the event's time is not known. Kafka deletes whole segments, so it may come later, never sooner.
 */
export function dataLossSeconds(waiting: { readonly lagMessages: bigint; readonly committedOffset: bigint; readonly logStartOffset: bigint; readonly timeLagMs: number | null; readonly retentionMs: bigint | null }): number | null {
  if (waiting.lagMessages <= 0n) return null;
  if (waiting.logStartOffset > waiting.committedOffset) return 0;
  if (waiting.retentionMs === null || waiting.timeLagMs === null) return null;
  return Math.max(0, (Number(waiting.retentionMs) - waiting.timeLagMs) / 1000);
}
