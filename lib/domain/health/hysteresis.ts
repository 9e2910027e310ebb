/**
 * What is said must not flap: it is taken up when it has held for a while, and let go of when it has been
 * over for a while.
 */

export interface Holding {
  /** how long something must hold before it is said */
  readonly openAfterMs: number;
  /** how long it must be over before it is no longer said */
  readonly closeAfterMs: number;
  /** while nothing is said, trouble that changes its name is still the same stretch of trouble */
  readonly anyName: boolean;
}

/** What is said, and what is about to be said instead. `null`: nothing is wrong. */
export interface Steady<T extends string> {
  readonly said: T | null;
  /** since when what is said holds: from its first sight, not from when it was said */
  readonly saidSinceMs: number;
  /** what was seen last, if it is not what is said, and since when it has been seen without a break */
  readonly other: { readonly seen: T | null; readonly sinceMs: number } | null;
}

export const nothingReported = (atMs: number): Steady<never> => ({ said: null, saidSinceMs: atMs, other: null });

/**
 * One step: `seen` is what holds now. What is wrong without a break for long enough is taken up, as what it is
 * now; another trouble takes its place once it has held for as long itself, and nothing being wrong ends it
 * once that has held.
 */
export function steady<T extends string>(
  state: Steady<T>,
  seen: T | null,
  nowMs: number,
  { openAfterMs, closeAfterMs, anyName }: Holding,
): Steady<T> {
  const { said, saidSinceMs } = state;
  if (seen === said) return state.other === null ? state : { said, saidSinceMs, other: null };
  const goesOn =
    state.other !== null &&
    (state.other.seen === seen || (anyName && said === null && state.other.seen !== null && seen !== null));
  const sinceMs = goesOn && state.other !== null ? state.other.sinceMs : nowMs;
  const waitMs = seen === null ? closeAfterMs : openAfterMs;
  if (nowMs - sinceMs >= waitMs) return { said: seen, saidSinceMs: sinceMs, other: null };
  return { said, saidSinceMs, other: { seen, sinceMs } };
}
