/** How fast a log grows and a group consumes it, from the offsets of each poll. */

const STEP_MS = 15_000;
/** with the running one, so that rates cover 60 to 75 seconds */
const STEPS = 6;

export interface PaceStep {
  readonly atMs: number;
  /** events since the first poll */
  readonly written: number;
  readonly consumed: number;
}

/**
 * Totals at the end of each quarter of a minute of the clock, oldest first; the last is the running one. The steps are
 * the clock's so that those of all partitions coincide.
 */
export type Pace = readonly PaceStep[];

/** Adds what was written and consumed since the last poll. */
export function addDone(pace: Pace, written: number, consumed: number, atMs: number): Pace {
  const last = pace.at(-1);
  if (last === undefined) return [{ atMs, written: 0, consumed: 0 }];
  const now: PaceStep = { atMs, written: last.written + written, consumed: last.consumed + consumed };
  const isRunning = pace.length > 1 && stepOf(last) === stepOf(now);
  return [...(isRunning ? pace.slice(0, -1) : pace.slice(-(STEPS - 1))), now];
}

const stepOf = (step: PaceStep): number => Math.floor(step.atMs / STEP_MS);

/** The sum of several paces. One that began later counts from its beginning. */
export function sumOf(paces: readonly Pace[]): Pace {
  const longest = paces.reduce<Pace>((most, pace) => (pace.length > most.length ? pace : most), []);
  return longest.map(({ atMs }, i) => {
    let written = 0;
    let consumed = 0;
    for (const pace of paces) {
      const step = pace.at(i - longest.length) ?? pace[0];
      written += step?.written ?? 0;
      consumed += step?.consumed ?? 0;
    }
    return { atMs, written, consumed };
  });
}

export interface Rates {
  /** events per second over the last minute */
  readonly inRate: number;
  readonly outRate: number;
}

/** Rates over all the steps; zero before the second poll. */
export function ratesOf(pace: Pace): Rates {
  const first = pace[0];
  const last = pace.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return { inRate: 0, outRate: 0 };
  const seconds = (last.atMs - first.atMs) / 1000;
  return { inRate: (last.written - first.written) / seconds, outRate: (last.consumed - first.consumed) / seconds };
}

/** Events written and consumed since the last step at or before a moment, as far back as there are steps. */
export function doneSince(pace: Pace, sinceMs: number): { readonly written: number; readonly consumed: number } {
  const last = pace.at(-1);
  const from = pace.findLast((step) => step.atMs <= sinceMs) ?? pace[0];
  return last === undefined || from === undefined
    ? { written: 0, consumed: 0 }
    : { written: last.written - from.written, consumed: last.consumed - from.consumed };
}

/** Arrival must exceed consumption by this factor: less may come from when offsets were polled. */
const CLEARLY = 1.1;

/**
 * For how many ms, up to now, something was consumed in each step and clearly more was written. The end of a burst ends
 * this, as does a step without a commit; a step that has only begun does not.
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
    if (!hasOnlyBegun && (consumed <= 0 || step.written - before.written <= CLEARLY * consumed)) break;
    since = before.atMs;
  }
  return last.atMs - since;
}
