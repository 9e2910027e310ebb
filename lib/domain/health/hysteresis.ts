/**
 * Keeps what is reported from flapping: a trouble is reported once it has held for a while, and is dropped once it has
 * been over for a while.
 */

export interface Holding {
  /** how long a trouble must hold before it is reported */
  readonly openAfterMs: number;
  /** how long it must be over before it is no longer reported */
  readonly closeAfterMs: number;
  /** while nothing is reported, a trouble that turns into another one counts as the same trouble */
  readonly anyName: boolean;
}

/** `null` means that nothing is wrong. */
export interface Steady<T extends string> {
  readonly reported: T | null;
  /** since when it holds: from its first observation, not from when it was reported */
  readonly reportedSinceMs: number;
  /** the last observation, if it differs from what is reported, and since when it has been observed without a break */
  readonly pending: { readonly observed: T | null; readonly sinceMs: number } | null;
}

export const nothingReported = (atMs: number): Steady<never> => ({
  reported: null,
  reportedSinceMs: atMs,
  pending: null,
});

/**
 * One step of the clock. An observation that differs from what is reported replaces it once it has been observed
 * without a break for `openAfterMs`, or for `closeAfterMs` where it says that nothing is wrong.
 */
export function steady<T extends string>(
  state: Steady<T>,
  observed: T | null,
  nowMs: number,
  { openAfterMs, closeAfterMs, anyName }: Holding,
): Steady<T> {
  const { reported, reportedSinceMs, pending } = state;
  if (observed === reported) return pending === null ? state : { reported, reportedSinceMs, pending: null };
  const isSameTrouble = (other: T | null) =>
    other === observed || (anyName && reported === null && other !== null && observed !== null);
  const sinceMs = pending !== null && isSameTrouble(pending.observed) ? pending.sinceMs : nowMs;
  const waitMs = observed === null ? closeAfterMs : openAfterMs;
  if (nowMs - sinceMs >= waitMs) return { reported: observed, reportedSinceMs: sinceMs, pending: null };
  return { reported, reportedSinceMs, pending: { observed, sinceMs } };
}
