/** What a redrive watches while it runs: when it goes on, when it waits, and when it stops by itself. */

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
  | { readonly do: "pause"; readonly why: string };

const ALL = { do: "send", atMost: Number.POSITIVE_INFINITY } as const;

/** Sends the first few, waits until what became of each is certain, then lets the rest go, or says in words why not. */
export function stepOfCanary(canary: Canary, facts: CanaryFacts, nowMs: number): Step {
  const done = facts.sent + facts.refused;
  if (canary.items === 0 || facts.settled) return ALL;
  if (facts.failedAgain > 0)
    return {
      do: "pause",
      why: `${facts.failedAgain} of the ${events(facts.sent)} sent first failed again. The rest was not sent.`,
    };
  if (done < canary.items) return { do: "send", atMost: canary.items - done };
  if (facts.sent === 0)
    return {
      do: "pause",
      why: `None of the ${events(canary.items)} to be sent first could be sent. The rest was not tried.`,
    };
  if (facts.verified === facts.sent) return { ...ALL, settled: true };
  if (nowMs - (facts.lastSentAtMs ?? nowMs) < canary.timeoutSeconds * 1000) return { do: "wait" };
  if (canary.then === "go_on") return { ...ALL, settled: true };
  return {
    do: "pause",
    why: `Of the ${events(facts.sent)} sent first only ${facts.verified} ${facts.verified === 1 ? "was" : "were"} seen consumed within ${canary.timeoutSeconds} s. The rest was not sent.`,
  };
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
 * Why a run under way must not go on by itself, in words; null: nothing. Trouble that was there when a person set it
 * going is theirs to judge.
 */
export function reasonToStop({ verified, failedAgain, stopAbove, group, sinceMs }: Surroundings): string | null {
  if (failedAgain >= FEWEST_FAILED_AGAIN && failedAgain / verified > stopAbove)
    return `${failedAgain} of the last ${verified} verified failed again: more than ${Math.round(stopAbove * 100)} %.`;
  if (
    group === null ||
    group.cause === null ||
    !NOT_CONSUMING.has(group.cause) ||
    group.causeSinceMs === null ||
    group.causeSinceMs <= sinceMs
  )
    return null;
  return `${group.name} does not consume any more: ${group.reason ?? group.cause.replaceAll("_", " ")}`;
}

const events = (count: number): string => (count === 1 ? "1 event" : `${count} events`);
