/** When the first event that waits on a partition was written, as far as that is known. */
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

/** Between two records so close in time interpolation is as good as reading the record. */
export const CLOSE_MS = 1000;

/**
 * The record that was found, or one interpolated between two. Null: the head does not belong to this offset.
 */
export function headAt(head: HeadTime | null, committedOffset: bigint): OffsetSample | null {
  if (head === null) return null;
  const [first, last] = head.samples;
  if (first === undefined) return null;
  // There is no record between the offset that was asked for and the first record that was found.
  if (committedOffset >= head.committedOffset && committedOffset <= first.offset) return first;
  if (last === undefined || last.offset === first.offset) return null;
  if (Math.abs(last.atMs - first.atMs) > CLOSE_MS) return null;
  const atMs = timeOfOffset(head.samples, committedOffset);
  return atMs === null ? null : { offset: committedOffset, atMs };
}
