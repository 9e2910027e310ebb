import { PARTITIONS_LISTED, type FindingOf, type PartitionRef } from "../../finding.ts";
import { handsOutSingly } from "../../group.ts";
import { hasWaiting, type GroupSituation, type PartitionSituation, type UnassignedPartition } from "../situation.ts";
import { isReadable, STILL_MS } from "../standstill.ts";
import { partitionWords } from "../../../text/words.ts";

/** A group that usually commits seldom is given this many of its usual intervals. */
const USUAL_INTERVALS = 3;

/**
 * The group runs, yet nothing of it consumes certain events: a topic it subscribes to or new partitions are assigned to
 * no member, or partitions are assigned but nothing was ever committed on them.
 */
export function notConsuming(situation: GroupSituation): FindingOf<"not_consuming"> | null {
  const { members, protocol } = situation;
  if (
    handsOutSingly(protocol) ||
    situation.brokerFault !== null ||
    (members.length > 0 && situation.state !== "stable")
  )
    return null;
  return ofUnassigned(situation) ?? ofNeverCommitted(situation);
}

function ofUnassigned(situation: GroupSituation): FindingOf<"not_consuming"> | null {
  const { nowMs, knownSinceMs } = situation;
  const unassigned = situation.unassigned.filter(
    (at) => at.waitingMessages > 0n && nowMs - Math.max(at.sinceMs, knownSinceMs) >= STILL_MS,
  );
  const [first] = unassigned;
  if (first === undefined) return null;
  const wholeTopic = unassigned.find((at) => at.isWholeTopic);
  return findingOf(situation, unassigned, first, {
    kind: wholeTopic === undefined ? "partitions" : "topic",
    topic: wholeTopic?.topic ?? null,
    sinceMs: first.sinceMs,
    waiting: unassigned.reduce((sum, at) => sum + at.waitingMessages, 0n),
  });
}

function ofNeverCommitted(situation: GroupSituation): FindingOf<"not_consuming"> | null {
  const { nowMs, knownSinceMs } = situation;
  const usualMs = situation.partitions.map((at) => USUAL_INTERVALS * (at.commitEveryMs ?? 0));
  const patienceMs = Math.max(STILL_MS, ...usualMs);
  const never = situation.partitions.filter(
    (at) =>
      at.memberId !== null &&
      !isBusyElsewhere(at, situation) &&
      at.committedOffset === null &&
      at.lagMessages > situation.allowedLagMessages &&
      isReadable(at) &&
      Math.min(at.timeLagMs ?? 0, nowMs - knownSinceMs) >= patienceMs,
  );
  const [first] = never;
  if (first === undefined) return null;
  return findingOf(situation, never, first, {
    kind: "never_committed",
    topic: null,
    sinceMs: nowMs - (first.timeLagMs ?? 0),
    waiting: never.reduce((sum, at) => sum + at.lagMessages, 0n),
  });
}

function findingOf(
  { members }: GroupSituation,
  partitions: readonly (UnassignedPartition | PartitionSituation)[],
  first: PartitionRef,
  found: Pick<FindingOf<"not_consuming">["data"], "kind" | "topic"> & { sinceMs: number; waiting: bigint },
): FindingOf<"not_consuming"> {
  return {
    cause: "not_consuming",
    sinceMs: found.sinceMs,
    at: { topic: first.topic, partition: first.partition, offset: null },
    data: {
      kind: found.kind,
      topic: found.topic,
      waitingMessages: String(found.waiting),
      partitions: partitions.slice(0, PARTITIONS_LISTED).map(partitionWords),
      partitionCount: partitions.length,
      members: members.length,
    },
  };
}

/** A consumer that works off the backlog of one of its partitions has not come to the others yet. */
function isBusyElsewhere(never: PartitionSituation, situation: GroupSituation): boolean {
  const sinceMs = situation.nowMs - (never.timeLagMs ?? 0);
  return situation.partitions.some(
    (at) =>
      at.memberId === never.memberId &&
      at.committedOffset !== null &&
      hasWaiting(at, situation.allowedLagMessages) &&
      isReadable(at) &&
      (at.caughtUpAtMs ?? 0) <= sinceMs,
  );
}
