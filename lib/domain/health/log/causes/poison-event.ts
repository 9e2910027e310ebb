import { PARTITIONS_LISTED, type FindingOf, type PoisonEvidence } from "../../finding.ts";
import { handsOutSingly } from "../../group.ts";
import type { GroupSituation, PartitionSituation, Rewind } from "../situation.ts";
import { commitsAgain, isReadable, standstills, type Standstill } from "../standstill.ts";

const RETURNS = 2;
/**
 * A consumer that has not rewound for this long has passed the event: `ms`, or `intervals` times the time between two
 * of its rewinds where that is longer, but `mostMs` at most.
 */
const RETURNED_WITHIN = { ms: 20_000, intervals: 3, mostMs: 90_000 } as const;
/** A consumer that fails on an event may leave the group and join it again because of it. */
const AWAY_MS = 20_000;

/**
 * The group does not get past one event. Either its partition stands still there while its consumer makes progress, or
 * has nothing to do, on the others; or the consumer commits that offset, or goes back to it, again and again.
 */
export function poisonEvent(situation: GroupSituation): FindingOf<"poison_event"> | null {
  if (handsOutSingly(situation.protocol) || situation.brokerFault !== null) return null;
  return ofRewinds(situation) ?? ofStandstills(situation);
}

function ofRewinds(situation: GroupSituation): FindingOf<"poison_event"> | null {
  for (const at of situation.partitions) {
    const { rewind } = at;
    if (
      rewind !== null &&
      returns(at, rewind, situation.nowMs) &&
      at.lagMessages > situation.allowedLagMessages &&
      isReadable(at)
    )
      return findingOf(situation, [at], at, { offset: rewind.to, sinceMs: rewind.atMs, shownBy: "goes_back" });
  }
  return null;
}

function ofStandstills(situation: GroupSituation): FindingOf<"poison_event"> | null {
  if (!hasReader(situation)) return null;
  for (const one of standstills(situation)) {
    const [first] = one.still;
    const shownBy = evidenceOf(one);
    if (first === undefined || shownBy === null) continue;
    const still = one.still.map(({ at }) => at);
    const offset = first.at.committedOffset ?? 0n;
    return findingOf(situation, still, first.at, { offset, sinceMs: first.sinceMs, shownBy });
  }
  return null;
}

/** A group of consumers that assign themselves their partitions has no members: its reader lives if it commits. */
function hasReader({ members, protocol, emptySinceMs, partitions, nowMs }: GroupSituation): boolean {
  if (members.length > 0) return true;
  const seenMs =
    protocol === "simple"
      ? partitions.reduce((last, at) => Math.max(last, at.committedAtMs ?? 0), 0)
      : (emptySinceMs ?? 0);
  return nowMs - seenMs <= AWAY_MS;
}

/**
 * Commits that follow one another closely are not all polled, so a consumer that is back where it stood before may have
 * been there more often than was counted.
 */
function returns(
  { committedOffset }: PartitionSituation,
  { to, times, afterMs, atMs, isReturn }: Rewind,
  nowMs: number,
): boolean {
  const { ms, intervals, mostMs } = RETURNED_WITHIN;
  const withinMs = Math.min(mostMs, Math.max(ms, intervals * (afterMs ?? 0)));
  return (times >= RETURNS || (isReturn && committedOffset === to)) && nowMs - atMs < withinMs;
}

function evidenceOf({ memberId, still, othersMove, othersDone }: Standstill): PoisonEvidence | null {
  if (!othersDone) return null;
  if (still.every(({ at }) => commitsAgain(at))) return "commits_again";
  if (othersMove) return "others_move";
  // Where the member is not known, only progress on other partitions shows that it runs.
  return still.length === 1 && memberId !== null ? "others_idle" : null;
}

function findingOf(
  { members, partitions }: GroupSituation,
  still: readonly PartitionSituation[],
  at: PartitionSituation,
  found: { readonly offset: bigint; readonly sinceMs: number; readonly shownBy: PoisonEvidence },
): FindingOf<"poison_event"> {
  const member = members.find((one) => one.memberId === at.memberId);
  const offset = String(found.offset);
  return {
    cause: "poison_event",
    sinceMs: found.sinceMs,
    at: { topic: at.topic, partition: at.partition, offset },
    data: {
      offset,
      shownBy: found.shownBy,
      returns: found.shownBy === "goes_back" ? (at.rewind?.times ?? 1) : null,
      lagMessages: String(at.lagMessages),
      partitions: still
        .slice(0, PARTITIONS_LISTED)
        .map(({ topic, partition, committedOffset }) => ({ topic, partition, offset: String(committedOffset ?? 0n) })),
      otherPartitions: partitions.length - still.length,
      memberId: at.memberId,
      clientId: member?.clientId ?? null,
      host: member?.host ?? null,
    },
  };
}
