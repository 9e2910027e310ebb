import type { FindingOf } from "../../finding.ts";
import { doneSince } from "../pace.ts";
import { hasWaiting, type GroupEvent, type GroupSituation } from "../situation.ts";
import { STILL_MS, standstills } from "../standstill.ts";

const WINDOW_MS = 90_000;
/** A loop whose last rebalance is longer ago has ended. */
const CONTINUES_MS = 30_000;
/** How many rebalances make a loop, by what else is known. */
const LEAST = { withoutProgress: 4, withComingAndGoing: 5, alone: 6 } as const;
/** A consumer that fails on one event and starts again causes no more rebalances than this in the window. */
const MOST_OF_A_FAILING_CONSUMER = 12;
const CLIENTS_LISTED = 20;

const count = (events: readonly GroupEvent[]): number => events.reduce((sum, event) => sum + event.times, 0);

/**
 * The group divides its partitions again and again. Not a loop: a deployment, in which every member leaves and joins
 * once, and a consumer that restarts because of one event while it makes progress on other partitions.
 */
export function rebalanceLoop(situation: GroupSituation): FindingOf<"rebalance_loop"> | null {
  const { nowMs, members } = situation;
  const recent = situation.events.filter((event) => event.atMs > nowMs - WINDOW_MS);
  const rebalances = recent.filter((event) => event.kind === "rebalance");
  const [first] = rebalances;
  const last = rebalances.at(-1);
  if (first === undefined || last === undefined || nowMs - last.atMs > CONTINUES_MS) return null;
  const times = count(rebalances);
  const joined = recent.filter((event) => event.kind === "joined");
  const left = recent.filter((event) => event.kind === "left");
  const isDeployment =
    recent.some((event) => event.kind === "deploy") && times < 3 * members.length + LEAST.withoutProgress;
  const consumed = situation.partitions.reduce((sum, at) => sum + doneSince(at.pace, first.atMs).consumed, 0);
  const isStarved =
    consumed === 0 &&
    nowMs - first.atMs >= STILL_MS &&
    situation.partitions.some((at) => hasWaiting(at, situation.allowedLagMessages));
  const holds =
    (isStarved && times >= LEAST.withoutProgress) ||
    (count(joined) >= members.length + 2 && times >= LEAST.withComingAndGoing) ||
    (joined.length === 0 && times >= LEAST.alone);
  if (!holds || isDeployment || isCausedByOneEvent(situation, times)) return null;
  return {
    cause: "rebalance_loop",
    sinceMs: first.atMs,
    at: null,
    data: {
      rebalances: times,
      windowMs: Math.max(1000, nowMs - first.atMs),
      joined: count(joined),
      left: count(left),
      byClient: joinsByClient(joined),
      consumed,
    },
  };
}

function joinsByClient(joined: readonly GroupEvent[]): Record<string, number> {
  const joins = new Map<string, number>();
  for (const { clientId, times } of joined)
    if (clientId !== null) joins.set(clientId, (joins.get(clientId) ?? 0) + times);
  return Object.fromEntries([...joins].sort((a, b) => b[1] - a[1]).slice(0, CLIENTS_LISTED));
}

function isCausedByOneEvent(situation: GroupSituation, times: number): boolean {
  const found = standstills(situation);
  return (
    times <= MOST_OF_A_FAILING_CONSUMER &&
    found.length === 1 &&
    found.every(({ still, othersMove, othersDone }) => still.length === 1 && othersMove && othersDone)
  );
}
