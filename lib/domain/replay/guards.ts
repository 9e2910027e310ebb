/** What a redrive watches while it runs: when it goes on, when it waits, and when it stops by itself. */
import type { GuardRule } from "./hold.ts";

export interface Canary {
  /** sent first; 0: none */
  readonly items: number;
  readonly timeoutSeconds: number;
  /** what happens when they are not verified in time */
  readonly then: "pause" | "go_on";
}

/** How the items to be sent first stand. */
export interface CanaryFacts {
  /** passed, or a person has overruled it */
  readonly settled: boolean;
  readonly sent: number;
  readonly refused: number;
  readonly verified: number;
  readonly failedAgain: number;
  readonly lastSentAtMs: number | null;
}

/** `settled`: the canary need not be asked again. */
export type Step =
  | { readonly do: "send"; readonly atMost: number; readonly settled?: boolean }
  | { readonly do: "wait" }
  | { readonly do: "pause"; readonly stop: GuardRule };

const ALL = { do: "send", atMost: Number.POSITIVE_INFINITY } as const;

/** Sends the first few, waits until what became of each is certain, then lets the rest go, or says why not. */
export function stepOfCanary(canary: Canary, facts: CanaryFacts, nowMs: number): Step {
  const done = facts.sent + facts.refused;
  if (canary.items === 0 || facts.settled) return ALL;
  if (facts.failedAgain > 0)
    return {
      do: "pause",
      stop: { rule: "canary_failed_again", sent: facts.sent, failedAgain: facts.failedAgain },
    };
  if (done < canary.items) return { do: "send", atMost: canary.items - done };
  if (facts.sent === 0) return { do: "pause", stop: { rule: "canary_not_sent", items: canary.items } };
  if (facts.verified === facts.sent) return { ...ALL, settled: true };
  if (nowMs - (facts.lastSentAtMs ?? nowMs) < canary.timeoutSeconds * 1000) return { do: "wait" };
  if (canary.then === "go_on") return { ...ALL, settled: true };
  const { sent, verified } = facts;
  return { do: "pause", stop: { rule: "canary_not_verified", sent, verified, timeoutSeconds: canary.timeoutSeconds } };
}

export interface Surroundings {
  /** of the latest items whose outcome is certain, since the run began or was last resumed */
  readonly verified: number;
  readonly failedAgain: number;
  /** the share of those above which the run stops, 0 to 1 */
  readonly stopAbove: number;
  /** the one group it is for, as last judged; null: none, or not known */
  readonly group: {
    readonly name: string;
    readonly cause: string | null;
    readonly causeSinceMs: number | null;
    readonly reason: string | null;
  } | null;
  /** since when the run goes on with what a person has seen of it */
  readonly sinceMs: number;
}

/** how many of the latest outcomes the share is taken of */
export const OUTCOMES_WATCHED = 50;
const FEWEST_FAILED_AGAIN = 3;

/** Causes by which a group does not consume what it is sent. */
const NOT_CONSUMING: ReadonlySet<string> = new Set([
  "no_members",
  "not_consuming",
  "hung_member",
  "poison_event",
  "rebalance_loop",
  "broker_trouble",
]);

/**
 * Why a run under way must not go on by itself; null: nothing. What was wrong with the group already when a person
 * started or resumed the run does not stop it.
 */
export function reasonToStop({ verified, failedAgain, stopAbove, group, sinceMs }: Surroundings): GuardRule | null {
  if (failedAgain >= FEWEST_FAILED_AGAIN && failedAgain / verified > stopAbove)
    return { rule: "too_many_failed_again", verified, failedAgain, stopAbove };
  if (
    group === null ||
    group.cause === null ||
    !NOT_CONSUMING.has(group.cause) ||
    group.causeSinceMs === null ||
    group.causeSinceMs <= sinceMs
  )
    return null;
  return { rule: "group_not_consuming", group: group.name, cause: group.cause, reason: group.reason };
}
