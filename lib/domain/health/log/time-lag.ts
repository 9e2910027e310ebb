/** A record's broker timestamp at an offset of one partition. */
export interface OffsetSample {
  readonly offset: bigint;
  readonly atMs: number;
}

export interface TimeLag {
  /** how long the first waiting event waits, ms */
  readonly ms: number;
  /** true: at least so long */
  readonly isFloor: boolean;
}

/**
 * When the record at an offset was written, interpolated between the nearest known records. Null outside the known
 * range: an extrapolated time is worth nothing. Samples come in the order of offsets.
 */
export function timeOfOffset(samples: readonly OffsetSample[], offset: bigint): number | null {
  let low = 0;
  let high = samples.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.offset ?? 0n) <= offset) low = middle + 1;
    else high = middle - 1;
  }
  const left = samples[high];
  if (left === undefined) return null;
  if (left.offset === offset) return left.atMs;
  const right = samples[high + 1];
  if (right === undefined) return null;
  return left.atMs + ((right.atMs - left.atMs) * Number(offset - left.offset)) / Number(right.offset - left.offset);
}

/**
 * How long the first event that waits has been waiting: zero when none waits, "at least" when it is older than every
 * known record or not known yet, null when nothing is known. A clock that runs ahead makes it zero, never negative.
 */
export function timeLag(
  committedOffset: bigint,
  endOffset: bigint,
  samples: readonly OffsetSample[],
  nowMs: number,
): TimeLag | null {
  if (committedOffset >= endOffset) return { ms: 0, isFloor: false };
  const at = timeOfOffset(samples, committedOffset);
  if (at !== null) return { ms: Math.max(0, Math.round(nowMs - at)), isFloor: false };
  const oldest = samples[0];
  if (oldest === undefined) return null;
  // Newer than all we know of: it may have been written this very moment.
  return { ms: committedOffset < oldest.offset ? Math.max(0, Math.round(nowMs - oldest.atMs)) : 0, isFloor: true };
}

/** The end of the log at a moment between two times it was asked, as if it had grown evenly; null before the first. */
export function endOffsetAt(asked: readonly OffsetSample[], atMs: number): bigint | null {
  const after = asked.findIndex((sample) => sample.atMs >= atMs);
  if (after < 0) return asked.at(-1)?.offset ?? null;
  const right = asked[after];
  const left = asked[after - 1];
  if (right === undefined) return null;
  if (right.atMs === atMs) return right.offset;
  if (left === undefined) return null;
  const share = (atMs - left.atMs) / (right.atMs - left.atMs);
  return left.offset + BigInt(Math.round(Number(right.offset - left.offset) * share));
}
