import { timeOfOffset } from "../health/log/time-lag.ts";

/** A run of offsets whose first and last record's times are known. */
export interface TimedStretch {
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/**
 * How long the events that a commit passed had been there, as a few weighted durations in ms: for each stretch it
 * passed the first, the middle and the last event, each standing for its third. The weights add up to the offsets that
 * lie in known stretches.
 */
export function* consumeLatencies(
  fromOffset: bigint,
  toOffset: bigint,
  committedAtMs: number,
  stretches: readonly TimedStretch[],
): Generator<{ readonly ms: number; readonly weight: number }> {
  for (const stretch of stretches) {
    const first = stretch.firstPosition > fromOffset ? stretch.firstPosition : fromOffset;
    const last = stretch.lastPosition < toOffset - 1n ? stretch.lastPosition : toOffset - 1n;
    if (last < first) continue;
    const known = [
      { offset: stretch.firstPosition, atMs: stretch.firstAtMs },
      ...(stretch.lastPosition > stretch.firstPosition
        ? [{ offset: stretch.lastPosition, atMs: stretch.lastAtMs }]
        : []),
    ];
    const sample = (offset: bigint, weight: number) => ({
      ms: Math.max(0, committedAtMs - (timeOfOffset(known, offset) ?? stretch.lastAtMs)),
      weight,
    });
    const count = Number(last - first) + 1;
    const third = Math.floor(count / 3);
    if (count <= 2) {
      yield sample(first, 1);
      if (count === 2) yield sample(last, 1);
    } else {
      yield sample(first, third);
      yield sample(first + (last - first) / 2n, count - 2 * third);
      yield sample(last, third);
    }
  }
}
