/** Burrow's verdicts in their order, from harmless to worst; `unknown`: nothing has been seen yet. */
export const VERDICTS = ["unknown", "ok", "warning", "stopped", "stalled", "rewound"] as const;
export type Verdict = (typeof VERDICTS)[number];

const STUCK: ReadonlySet<Verdict> = new Set(["stopped", "stalled", "rewound"]);

/** Whether the verdict means that events wait and nothing moves them. */
export function isStuck(verdict: Verdict): boolean {
  return STUCK.has(verdict);
}

/** The worst of the verdicts; `unknown` only when there is no other. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst = 0;
  for (const verdict of verdicts) worst = Math.max(worst, VERDICTS.indexOf(verdict));
  return VERDICTS[worst] ?? "unknown";
}

/** A number to sort groups by, worst highest: 3 stuck, 2 failing (dead letters lately), 1 warning, 0 ok or unknown. */
export function severityOf(verdict: Verdict, recentErrors: number): number {
  if (isStuck(verdict)) return 3;
  if (recentErrors > 0) return 2;
  return verdict === "warning" ? 1 : 0;
}
