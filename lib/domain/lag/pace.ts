/** How fast logs grow and a group moves on them, from what was seen at each look. */

const STEP_MS = 15_000;
/** with the running one: rates look back on 60 to 75 seconds */
const STEPS = 6;

export interface PaceStep {
  readonly atMs: number;
  /** events since the first sight */
  readonly written: number;
  readonly consumed: number;
}

/** Totals at steps of a quarter of a minute, oldest first; the last is the running one. */
export type Pace = readonly PaceStep[];

/** Adds what was written and consumed since the last look. */
export function addDone(pace: Pace, written: number, consumed: number, atMs: number): Pace {
  const last = pace.at(-1);
  if (last === undefined) return [{ atMs, written: 0, consumed: 0 }];
  const now: PaceStep = { atMs, written: last.written + written, consumed: last.consumed + consumed };
  const before = pace.at(-2);
  const isRunning = before !== undefined && last.atMs - before.atMs < STEP_MS;
  return [...(isRunning ? pace.slice(0, -1) : pace.slice(-(STEPS - 1))), now];
}

export interface Rates {
  /** events per second over the last minute */
  readonly inRate: number;
  readonly outRate: number;
}

/** Rates over all that is looked back on; zero before the second look. */
export function ratesOf(pace: Pace): Rates {
  const first = pace[0];
  const last = pace.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return { inRate: 0, outRate: 0 };
  const seconds = (last.atMs - first.atMs) / 1000;
  return { inRate: (last.written - first.written) / seconds, outRate: (last.consumed - first.consumed) / seconds };
}

/** Events written and consumed since a moment, as far as that is looked back on: from the last step at or before it. */
export function doneSince(pace: Pace, sinceMs: number): { readonly written: number; readonly consumed: number } {
  const last = pace.at(-1);
  const from = pace.findLast((step) => step.atMs <= sinceMs) ?? pace[0];
  return last === undefined || from === undefined ? { written: 0, consumed: 0 } : { written: last.written - from.written, consumed: last.consumed - from.consumed };
}

/**
 * For how many ms, up to now, something was consumed in each step and more was written. What ends this is a burst that is over, or a
 * group that commits too seldom for it to be told; a step that has only begun ends nothing.
 */
export function growingMs(pace: Pace): number {
  const last = pace.at(-1);
  if (last === undefined) return 0;
  let since = last.atMs;
  for (let i = pace.length - 1; i > 0; i--) {
    const step = pace[i] as PaceStep;
    const before = pace[i - 1] as PaceStep;
    const consumed = step.consumed - before.consumed;
    const hasOnlyBegun = i === pace.length - 1 && step.atMs - before.atMs < STEP_MS / 3;
    if (!hasOnlyBegun && (consumed <= 0 || step.written - before.written <= consumed)) break;
    since = before.atMs;
  }
  return last.atMs - since;
}
