export interface PartitionPace {
  readonly lagMessages: bigint;
  /** events per second written and consumed */
  readonly inRate: number;
  readonly outRate: number;
}

/**
 * Seconds until every partition has caught up at today's rates. Partitions do not help each other, so the slowest one
 * decides. Zero when nothing waits, null when one of them does not catch up.
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

export interface WaitingStretch {
  readonly lagMessages: bigint;
  readonly committedOffset: bigint;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  /** how long the first waiting event waits at least; null: not known */
  readonly timeLagMs: number | null;
  /** events per second written */
  readonly inRate: number;
  /** of the whole log on its leader's disk; null: the broker does not tell */
  readonly sizeBytes: bigint | null;
  /** null: without limit */
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
  /** null: not known, taken for Kafka's default, delete */
  readonly cleanupPolicy: string | null;
}

/**
 * Seconds until retention deletes the first event that waits, by time or by size, whichever comes first; zero when it
 * has begun to. Null when nothing waits, when the log is kept for ever, or when what is needed is not known.
 *
 * Kafka deletes whole segments, oldest first: by time once the youngest event of one is too old, by size while the rest
 * still holds the limit. Both are taken as if a segment ended with the event, so the loss may come later, never sooner,
 * as long as events come no faster than now and are as large as those in the log.
 */
export function dataLossSeconds(waiting: WaitingStretch): number | null {
  const {
    lagMessages,
    committedOffset,
    logStartOffset,
    endOffset,
    timeLagMs,
    inRate,
    sizeBytes,
    retentionMs,
    retentionBytes,
    cleanupPolicy,
  } = waiting;
  if (logStartOffset > committedOffset && lagMessages > 0n) return 0;
  if (lagMessages <= 0n || (cleanupPolicy !== null && !cleanupPolicy.includes("delete"))) return null;
  const byTime =
    retentionMs === null || timeLagMs === null ? null : Math.max(0, (Number(retentionMs) - timeLagMs) / 1000);
  const held = endOffset - logStartOffset;
  let bySize: number | null = null;
  if (retentionBytes !== null && sizeBytes !== null && held > 0n && inRate > 0) {
    const bytesPerEvent = Number(sizeBytes) / Number(held);
    bySize = Math.max(
      0,
      (Number(retentionBytes) - Number(endOffset - committedOffset) * bytesPerEvent) / (inRate * bytesPerEvent),
    );
  }
  if (byTime === null || bySize === null) return byTime ?? bySize;
  return Math.min(byTime, bySize);
}

/** Events that retention deleted before they were consumed. */
export function lostMessages(committedOffset: bigint, logStartOffset: bigint): bigint {
  return logStartOffset > committedOffset ? logStartOffset - committedOffset : 0n;
}
