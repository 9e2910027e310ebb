import type { Finding } from "../../cause.ts";
import { doneSince } from "../pace.ts";
import { hasWaiting, type GroupEvent, type GroupSituation } from "../situation.ts";
import { STILL_MS, standstills } from "../standstill.ts";
import { durationWords } from "../../../text/words.ts";

const WINDOW_MS = 90_000;
/** A loop whose last turn is longer ago has ended. */
const GOES_ON_MS = 30_000;
const LEAST = { withoutProgress: 4, withComingAndGoing: 5, alone: 6 } as const;
/** Whoever fails on one event and begins anew does not get around faster than this. */
const MOST_OF_A_FAILING_READER = 12;

const count = (events: readonly GroupEvent[]): number => events.reduce((sum, event) => sum + event.times, 0);

/**
 * The group divides its partitions again and again. Not meant: a deployment, in which every member leaves and comes
 * once, and a reader that begins anew because of one event while it gets on elsewhere. data: rebalances, windowMs,
 * joined, left, byClient: {clientId: joins}.
 */
export function rebalanceLoop(situation: GroupSituation): Finding | null {
  const { nowMs, members, group } = situation;
  const lately = situation.events.filter((event) => event.atMs > nowMs - WINDOW_MS);
  const rebalances = lately.filter((event) => event.kind === "rebalance");
  const [first] = rebalances;
  const last = rebalances.at(-1);
  if (first === undefined || last === undefined || nowMs - last.atMs > GOES_ON_MS) return null;
  const turns = count(rebalances);
  const joined = lately.filter((event) => event.kind === "joined");
  const left = lately.filter((event) => event.kind === "left");
  const isDeployment =
    lately.some((event) => event.kind === "deploy") && turns < 3 * members.length + LEAST.withoutProgress;
  const consumed = situation.partitions.reduce((sum, at) => sum + doneSince(at.pace, first.atMs).consumed, 0);
  const isStarved =
    consumed === 0 &&
    nowMs - first.atMs >= STILL_MS &&
    situation.partitions.some((at) => hasWaiting(at, situation.allowedLagMessages));
  const holds =
    (isStarved && turns >= LEAST.withoutProgress) ||
    (count(joined) >= members.length + 2 && turns >= LEAST.withComingAndGoing) ||
    (joined.length === 0 && turns >= LEAST.alone);
  if (!holds || isDeployment || isOneEventsDoing(situation, turns)) return null;

  const byClient = new Map<string, number>();
  for (const { clientId, times } of joined)
    if (clientId !== null) byClient.set(clientId, (byClient.get(clientId) ?? 0) + times);
  const [busiest] = [...byClient].sort((a, b) => b[1] - a[1]);
  const spanMs = Math.max(1000, nowMs - first.atMs);
  return {
    cause: "rebalance_loop",
    sinceMs: first.atMs,
    at: null,
    sentence: `${group} divides its partitions again and again: ${turns} times in ${durationWords(spanMs)}${busiest !== undefined && busiest[1] > 1 ? `; ${busiest[0]} came ${busiest[1]} times` : ""}`,
    facts: [
      {
        label: "Rebalances",
        value: `${turns} in ${durationWords(spanMs)}, one every ${durationWords(Math.max(1000, spanMs / turns))}`,
      },
      ...(joined.length + left.length > 0
        ? [{ label: "Members", value: `${count(joined)} came, ${count(left)} went` }]
        : []),
      ...(busiest === undefined ? [] : [{ label: "Comes and goes most", value: `${busiest[0]}, ${busiest[1]} times` }]),
      { label: "Consumed meanwhile", value: consumed === 0 ? "nothing" : consumed.toLocaleString("en-US") },
    ],
    data: {
      rebalances: turns,
      windowMs: spanMs,
      joined: count(joined),
      left: count(left),
      byClient: Object.fromEntries([...byClient].slice(0, 20)),
    },
  };
}

function isOneEventsDoing(situation: GroupSituation, turns: number): boolean {
  const found = standstills(situation);
  return (
    turns <= MOST_OF_A_FAILING_READER &&
    found.length === 1 &&
    found.every(({ still, othersMove, othersDone }) => still.length === 1 && othersMove && othersDone)
  );
}
