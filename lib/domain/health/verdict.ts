import type { Cause } from "./cause.ts";

/** Burrow's verdicts, from harmless to worst; `unknown`: no commit is known yet. */
export const VERDICTS = ["unknown", "ok", "warning", "stopped", "stalled", "rewound"] as const;
export type Verdict = (typeof VERDICTS)[number];

const STUCK: ReadonlySet<Verdict> = new Set(["stopped", "stalled", "rewound"]);

/** Whether events wait and none of them is consumed. */
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
/** The least that a group's verdict is while a cause is open: none of them is `ok`. */
const LEAST_VERDICT: Readonly<Record<Cause, Verdict>> = {
  broker_trouble: "warning",
  data_lost: "warning",
  rebalance_loop: "warning",
  no_members: "stopped",
  not_consuming: "warning",
  open_transaction: "warning",
  poison_event: "stopped",
  hung_member: "stopped",
  rewound: "warning",
  skipped_ahead: "warning",
  hot_partition: "warning",
  too_slow: "warning",
};

/**
 * The verdict on a group whose cause is known. Burrow's rules see commits only and take longer, so the cause of a
 * standstill makes the verdict at least `stopped`, and any other at least `warning`.
 */
export function verdictWith(verdict: Verdict, cause: Cause | null): Verdict {
  return cause === null ? verdict : worstVerdict([verdict, LEAST_VERDICT[cause]]);
}

/**
 * A number to sort groups by: 3 stuck or worse, 2 failing (recent dead letters) or events skipped, 1 warning, 0 ok or
 * unknown.
 */
export function severityOf(verdict: Verdict, recentErrors: number, cause: Cause | null = null): number {
  if (isStuck(verdict) || (cause !== null && GRAVE.has(cause))) return 3;
  if (recentErrors > 0 || cause === "skipped_ahead") return 2;
  return verdict === "warning" || cause !== null ? 1 : 0;
}
