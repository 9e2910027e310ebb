/** Time ranges cut into steps that charts can draw and rollups can answer: whole multiples of the 10-second buckets. */
export const BUCKET_MS = 10_000;

export const floorTo = (timeMs: number, stepMs: number): number => Math.floor(timeMs / stepMs) * stepMs;

export interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** At most `points` steps from `fromMs` to `toMs`, whole buckets at least. */
export function stepsBetween(fromMs: number, toMs: number, points: number): Steps {
  const stepMs = Math.max(BUCKET_MS, Math.ceil((toMs - fromMs) / points / BUCKET_MS) * BUCKET_MS);
  return { fromMs: floorTo(fromMs, stepMs), toMs, stepMs };
}

/** The last `minutes` before `at`, or before now. */
export function lastMinutes(minutes: number, at: string | undefined, nowMs: number, points: number): Steps {
  const toMs = at === undefined ? nowMs : Math.min(Date.parse(at), nowMs);
  return stepsBetween(toMs - minutes * 60_000, toMs, points);
}

export const spanOf = ({ fromMs, toMs, stepMs }: Steps) => ({
  from: new Date(fromMs),
  to: new Date(toMs),
  stepSeconds: stepMs / 1000,
});

/** One point per step, oldest first: the row of that step, or `empty`. */
export function fillSteps<R extends { readonly at: Date }, P>(
  { fromMs, toMs, stepMs }: Steps,
  rows: readonly R[],
  point: (at: string, row: R | undefined) => P,
): P[] {
  const byTime = new Map(rows.map((row) => [row.at.getTime(), row]));
  const points: P[] = [];
  for (let at = fromMs; at < toMs; at += stepMs) points.push(point(new Date(at).toISOString(), byTime.get(at)));
  return points;
}
