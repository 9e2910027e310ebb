/** About 2,000 traces a second of a handful of events each. */
const EVENTS_PER_SECOND = 8000;
const WINDOW_MS = 10_000;
const SHORTEST_SPAN_MS = 1000;
/** When further behind than this, catching up matters more than completeness. */
const BEHIND_MS = 60_000;
/** Events stored this long after they happened are a backlog: more of it than the budget must not slow down the tap. */
const HISTORY_MS = 10_000;
/** of the budget, in either case */
const HURRIED = 0.25;
const SMALLEST_SHARE = 1 / 256;

/** Decides which share of all traces is correlated: all of them up to EVENTS_PER_SECOND, else a half, a quarter … */
export class Sampling {
  #recent: { readonly atMs: number; readonly events: number }[] = [];

  shareOf(
    events: number,
    { storedAtMs, lastOccurredAtMs }: { readonly storedAtMs: number; readonly lastOccurredAtMs: number },
    nowMs: number,
  ): number {
    this.#recent = [...this.#recent.filter((one) => one.atMs > storedAtMs - WINDOW_MS), { atMs: storedAtMs, events }];
    const isHistory = storedAtMs - lastOccurredAtMs > HISTORY_MS;
    const perSecond = isHistory ? this.#rateSoFar() : this.#eventsSince(0) / (WINDOW_MS / 1000);
    const isHurried = nowMs - storedAtMs > BEHIND_MS || (isHistory && perSecond > EVENTS_PER_SECOND);
    const wanted = (EVENTS_PER_SECOND / Math.max(perSecond, 1)) * (isHurried ? HURRIED : 1);
    if (wanted >= 1 || perSecond < EVENTS_PER_SECOND / 10) return 1;
    return Math.max(SMALLEST_SHARE, 2 ** Math.floor(Math.log2(wanted)));
  }

  /** A second. A history goes on as it began, unlike a burst: the time before it counts for nothing. */
  #rateSoFar(): number {
    const spanMs = (this.#recent.at(-1)?.atMs ?? 0) - (this.#recent[0]?.atMs ?? 0);
    return spanMs < SHORTEST_SPAN_MS ? this.#eventsSince(0) : this.#eventsSince(1) / (spanMs / 1000);
  }

  #eventsSince(pass: number): number {
    return this.#recent.slice(pass).reduce((sum, one) => sum + one.events, 0);
  }
}
