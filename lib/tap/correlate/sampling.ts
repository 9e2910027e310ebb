/** About 2,000 traces a second of a handful of events each. */
const EVENTS_PER_SECOND = 8000;
const WINDOW_MS = 10_000;
/** Further behind than this, the present matters more than completeness. */
const BEHIND_MS = 60_000;
/**
 * Events stored this long after they happened are history that the tap catches up with: more of it than the budget must
 * not hold up the reading.
 */
const HISTORY_MS = 10_000;
/** of the budget, in either case */
const HURRIED = 0.25;
const SMALLEST_SHARE = 1 / 256;

/**
 * Decides which share of all traces is looked at: all of them while the last ten seconds' events allow it, else a power
 * of two of them.
 */
export class Sampling {
  #seen: { readonly atMs: number; readonly events: number }[] = [];

  shareOf(
    events: number,
    { storedAtMs, lastOccurredAtMs }: { readonly storedAtMs: number; readonly lastOccurredAtMs: number },
    nowMs: number,
  ): number {
    this.#seen = [...this.#seen.filter((one) => one.atMs > storedAtMs - WINDOW_MS), { atMs: storedAtMs, events }];
    const perSecond = this.#seen.reduce((sum, one) => sum + one.events, 0) / (WINDOW_MS / 1000);
    const isHurried =
      nowMs - storedAtMs > BEHIND_MS || (storedAtMs - lastOccurredAtMs > HISTORY_MS && perSecond > EVENTS_PER_SECOND);
    const wanted = (EVENTS_PER_SECOND / Math.max(perSecond, 1)) * (isHurried ? HURRIED : 1);
    if (wanted >= 1 || perSecond < EVENTS_PER_SECOND / 10) return 1;
    return Math.max(SMALLEST_SHARE, 2 ** Math.floor(Math.log2(wanted)));
  }
}
