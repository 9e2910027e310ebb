import type { Finding } from "../../cause.ts";
import { hasWaiting, type GroupSituation, type PartitionSituation, type UnassignedPartition } from "../situation.ts";
import { isReadable, STILL_MS } from "../standstill.ts";
import { partitionsWords, partitionWords, waitingWords } from "../../../text/words.ts";

const USUAL_TIMES = 3;

/**
 * The group reads, yet events wait that nobody of it reads: a subscribed topic or new partitions that no member has, or
 * partitions that were assigned and of which nothing was ever committed. data: kind: topic | partitions |
 * never_committed, places.
 */
export function notConsuming(situation: GroupSituation): Finding | null {
  const { group, members, nowMs, protocol } = situation;
  if (protocol === "share" || situation.brokerFault !== null || (members.length > 0 && situation.state !== "stable"))
    return null;
  const unread = situation.unread.filter(
    (at) => at.waitingMessages > 0n && nowMs - Math.max(at.sinceMs, situation.knownSinceMs) >= STILL_MS,
  );
  const patience = Math.max(STILL_MS, ...situation.partitions.map((at) => USUAL_TIMES * (at.commitEveryMs ?? 0)));
  const never = situation.partitions.filter(
    (at) =>
      at.memberId !== null &&
      !isBusyElsewhere(at, situation) &&
      at.committedOffset === null &&
      at.lagMessages > situation.allowedLagMessages &&
      isReadable(at) &&
      Math.min(at.timeLagMs ?? 0, nowMs - situation.knownSinceMs) >= patience,
  );
  const [first] = unread.length > 0 ? unread : never;
  if (first === undefined) return null;
  const waiting =
    unread.length > 0
      ? unread.reduce((sum, at) => sum + at.waitingMessages, 0n)
      : never.reduce((sum, at) => sum + at.lagMessages, 0n);
  const places: readonly (UnassignedPartition | PartitionSituation)[] = unread.length > 0 ? unread : never;
  const kind = unread.length === 0 ? "never_committed" : unread.some((at) => at.isWholeTopic) ? "topic" : "partitions";
  const where = places.length === 1 ? partitionWords(first) : partitionsWords(places.length);
  const sentences = {
    topic: `${group} subscribes to ${unread.find((at) => at.isWholeTopic)?.topic ?? first.topic}, but none of its members has a partition of it; ${waitingWords(waiting)}`,
    partitions: `Nobody of ${group} reads ${where}${places.length === 1 ? "" : `, ${partitionWords(first)} among them`}; ${waitingWords(waiting)}`,
    never_committed: `${group} was assigned ${where} and has never committed there; ${waitingWords(waiting)}`,
  };
  return {
    cause: "not_consuming",
    sinceMs: unread[0]?.sinceMs ?? nowMs - (never[0]?.timeLagMs ?? 0),
    at: { topic: first.topic, partition: first.partition, offset: null },
    sentence: sentences[kind],
    facts: [
      {
        label: kind === "never_committed" ? "Never committed" : "Read by nobody",
        value:
          places.slice(0, 10).map(partitionWords).join(", ") +
          (places.length > 10 ? ` and ${places.length - 10} more` : ""),
      },
      { label: "Members", value: String(members.length) },
    ],
    data: { kind, waitingMessages: String(waiting), places: places.slice(0, 100).map(partitionWords) },
  };
}

/** A reader that works off the backlog of one of its partitions has not come to the others yet. */
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
