/** A record's broker timestamp at an offset of one partition. */
export interface OffsetSample {
  readonly offset: bigint;
  readonly atMs: number;
}

/**
 * When the record at an offset was written, interpolated between the nearest known records. Null outside the known
 * range, because an extrapolated time would be a guess. Samples are in the order of their offsets.
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

/** The end of the log at a moment, as if it had grown evenly between two polls; null before the first poll. */
export function endOffsetAt(polled: readonly OffsetSample[], atMs: number): bigint | null {
  const after = polled.findIndex((sample) => sample.atMs >= atMs);
  if (after < 0) return polled.at(-1)?.offset ?? null;
  const right = polled[after];
  const left = polled[after - 1];
  if (right === undefined) return null;
  if (right.atMs === atMs) return right.offset;
  if (left === undefined) return null;
  const share = (atMs - left.atMs) / (right.atMs - left.atMs);
  return left.offset + BigInt(Math.round(Number(right.offset - left.offset) * share));
}
