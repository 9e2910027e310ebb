import type { Cause } from "./cause.ts";

/** Burrow's verdicts in their order, from harmless to worst; `unknown`: nothing has been seen yet. */
export const VERDICTS = ["unknown", "ok", "warning", "stopped", "stalled", "rewound"] as const;
export type Verdict = (typeof VERDICTS)[number];

const STUCK: ReadonlySet<Verdict> = new Set(["stopped", "stalled", "rewound"]);

/** Whether the verdict means that events wait and nothing moves them. */
export function isStuck(verdict: Verdict): boolean {
  return STUCK.has(verdict);
}

/** Whether something is wrong. */
export function isBad(verdict: Verdict): boolean {
  return verdict === "warning" || isStuck(verdict);
}

/** The worst of the verdicts; `unknown` only when there is no other. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst = 0;
  for (const verdict of verdicts) worst = Math.max(worst, VERDICTS.indexOf(verdict));
  return VERDICTS[worst] ?? "unknown";
}

const GRAVE: ReadonlySet<Cause> = new Set([
  "broker_trouble",
  "data_lost",
  "rebalance_loop",
  "no_members",
  "not_consuming",
  "open_transaction",
  "poison_event",
  "hung_member",
]);
const STANDS_STILL: ReadonlySet<Cause> = new Set(["no_members", "poison_event", "hung_member"]);
const FALLS_BEHIND: ReadonlySet<Cause> = new Set(["hot_partition", "too_slow"]);

/**
 * The verdict on a group of which a cause is known: what makes it stand still or fall behind is at least that, also
 * where Burrow's rules, which see commits only, take longer to say so.
 */
export function verdictWith(verdict: Verdict, cause: Cause | null): Verdict {
  if (cause === null) return verdict;
  return worstVerdict([
    verdict,
    ...(STANDS_STILL.has(cause) ? ["stopped" as const] : FALLS_BEHIND.has(cause) ? ["warning" as const] : []),
  ]);
}

/**
 * A number to sort groups by, worst highest: 3 stuck or worse, 2 failing (dead letters lately) or events left out, 1
 * warning, 0 ok or unknown.
 */
export function severityOf(verdict: Verdict, recentErrors: number, cause: Cause | null = null): number {
  if (isStuck(verdict) || (cause !== null && GRAVE.has(cause))) return 3;
  if (recentErrors > 0 || cause === "skipped_ahead") return 2;
  return verdict === "warning" || cause !== null ? 1 : 0;
}
