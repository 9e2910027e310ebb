import type { FindingOf } from "../../finding.ts";
import { STILL_MS } from "../standstill.ts";
import type { GroupSituation } from "../situation.ts";

/**
 * Consumers that assign partitions to themselves are known by their commits only, so they must be silent for longer
 * before the group counts as deserted.
 */
const SILENT_MS = 60_000;
/** A group that usually commits seldom may be silent for this many of its usual intervals. */
const USUAL_INTERVALS = 3;

/** Events wait and the group has no member to consume them. */
export function noMembers(situation: GroupSituation): FindingOf<"no_members"> | null {
  const { protocol, members, emptySinceMs } = situation;
  if (members.length > 0 || situation.brokerFault !== null || situation.state === "rebalancing") return null;
  const waiting = situation.partitions.filter(
    (at) => at.committedOffset !== null && at.lagMessages > situation.allowedLagMessages,
  );
  const [first] = waiting;
  if (first === undefined) return null;
  const lastCommitMs = situation.partitions.reduce((last, at) => Math.max(last, at.committedAtMs ?? 0), 0);
  if (!isDesertedForLong(situation, lastCommitMs)) return null;

  const worst = waiting.reduce((most, at) => (at.lagMessages > most.lagMessages ? at : most), first);
  const emptyMs = protocol === "simple" ? lastCommitMs : (emptySinceMs ?? lastCommitMs);
  const waitsMs = waiting.reduce((most, at) => Math.max(most, at.timeLagMs ?? 0), 0);
  return {
    cause: "no_members",
    // A group may be empty for long before anything comes that it should consume.
    sinceMs: Math.max(emptyMs, situation.nowMs - waitsMs),
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    data: {
      lagMessages: String(waiting.reduce((sum, at) => sum + at.lagMessages, 0n)),
      timeLagMs: waitsMs,
      emptySince: iso(emptyMs),
      lastLeft: lastLeftOf(situation),
      lastCommitAt: lastCommitMs > 0 ? iso(lastCommitMs) : null,
      assignsItself: protocol === "simple",
    },
  };
}

function isDesertedForLong(situation: GroupSituation, lastCommitMs: number): boolean {
  const { protocol, partitions, emptySinceMs, knownSinceMs, nowMs } = situation;
  // The broker itself says how many consumers a queue has.
  if (protocol === "queue") return nowMs - Math.max(emptySinceMs ?? knownSinceMs, lastCommitMs) >= STILL_MS;
  if (protocol !== "simple" && emptySinceMs !== null) return nowMs - Math.max(emptySinceMs, lastCommitMs) >= STILL_MS;
  const usualMs = partitions.reduce((most, at) => Math.max(most, at.commitEveryMs ?? 0), 0);
  return nowMs - Math.max(lastCommitMs, knownSinceMs) >= Math.max(SILENT_MS, USUAL_INTERVALS * usualMs);
}

function lastLeftOf({ lastLeft }: GroupSituation): FindingOf<"no_members">["data"]["lastLeft"] {
  if (lastLeft === null) return null;
  const { memberId, clientId, host, atMs } = lastLeft;
  return { memberId, clientId, host, at: iso(atMs) };
}

const iso = (ms: number): string => new Date(ms).toISOString();
