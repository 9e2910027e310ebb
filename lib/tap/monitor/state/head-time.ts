/** When the first event that waits on a partition was written, as far as it was found out. */
import { timeOfOffset, type OffsetSample } from "#lib/domain/health/log/time-lag.ts";

/**
 * What was found at or behind a committed offset: two records of one flush between which time is interpolated, or the
 * one record itself.
 */
export interface HeadTime {
  readonly committedOffset: bigint;
  readonly samples: readonly OffsetSample[];
  /** read from the log itself, at such a time; null: from the index */
  readonly readAtMs: number | null;
}

/** Between two records so close in time a guess is as good as another look. */
export const CLOSE_MS = 1000;

/**
 * The record that was found, where it is only one; else the place between two. Null: this offset is not what
 * was looked for.
 */
export function headAt(head: HeadTime | null, committedOffset: bigint): OffsetSample | null {
  if (head === null) return null;
  const [first, last] = head.samples;
  if (first === undefined) return null;
  // Nothing lies between the offset that was asked for and the first record that was found.
  if (committedOffset >= head.committedOffset && committedOffset <= first.offset) return first;
  if (last === undefined || last.offset === first.offset) return null;
  if (Math.abs(last.atMs - first.atMs) > CLOSE_MS) return null;
  const atMs = timeOfOffset(head.samples, committedOffset);
  return atMs === null ? null : { offset: committedOffset, atMs };
}
