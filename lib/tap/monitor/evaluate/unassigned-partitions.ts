/** Partitions that a group should read and none of its members does, and since when. */
import type { DestinationInfo, GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { handsOutSingly } from "#lib/domain/health/group.ts";
import type { UnassignedPartition } from "#lib/domain/health/log/situation.ts";
import { destinationPartitionKey, type LogEnds } from "../state/log-ends.ts";
import type { EvaluatedPartition } from "./evaluated-partition.ts";

/** A group without members is taken to be alive for this long after a commit. */
const ALIVE_MS = 60_000;
/**
 * A group that assigns its own partitions is taken to read the whole topic when it reads at least so many of its
 * partitions and misses only the last ones.
 */
const READS_ALL_AT_LEAST = 2;
const MAX_REPORTED = 1000;

interface Missing {
  readonly topic: string;
  readonly partition: number;
  readonly isWholeTopic: boolean;
}

export class UnassignedPartitions {
  readonly #ends: LogEnds;
  readonly #since = new Map<number, Map<string, number>>();
  #partitionsOf = new Map<string, readonly number[]>();
  #destinationOf: ReadonlyMap<string, number> = new Map();

  constructor(ends: LogEnds) {
    this.#ends = ends;
  }

  setTopics(topics: readonly DestinationInfo[], destinationOf: ReadonlyMap<string, number>): void {
    this.#partitionsOf = new Map(
      topics.map(({ name: topic, partitions }) => [topic, partitions.map(({ partition }) => partition)]),
    );
    this.#destinationOf = destinationOf;
  }

  partitionCount(topic: string): number {
    return this.#partitionsOf.get(topic)?.length ?? 0;
  }

  /** `own`: the partitions on which the group has committed, or which it has. */
  of(groupId: number, info: GroupInfo, own: readonly EvaluatedPartition[], nowMs: number): UnassignedPartition[] {
    const missing =
      info.members.length > 0
        ? missingFromMembers(info, this.#partitionsOf)
        : missingFromCommits(own, this.#partitionsOf, nowMs);
    if (missing.length === 0) {
      // During a rebalance no member has partitions: they keep the time since which they are unassigned.
      if (info.state !== "rebalancing") this.#since.delete(groupId);
      return [];
    }
    const before = this.#since.get(groupId);
    const since = new Map<string, number>();
    const committed = new Map(own.map((at) => [`${at.topic}/${at.row.partition}`, at]));
    const unassigned = missing.flatMap((at): UnassignedPartition[] => {
      const key = `${at.topic}/${at.partition}`;
      const sinceMs = before?.get(key) ?? nowMs;
      since.set(key, sinceMs);
      const waitingMessages = this.#waitingMessages(at, committed.get(key));
      return waitingMessages === null ? [] : [{ ...at, sinceMs, waitingMessages }];
    });
    this.#since.set(groupId, since);
    return unassigned;
  }

  forgetOthers(groups: ReadonlyMap<number, unknown>): void {
    for (const groupId of this.#since.keys()) if (!groups.has(groupId)) this.#since.delete(groupId);
  }

  /** Null: where the log begins and ends is not known. */
  #waitingMessages({ topic, partition }: Missing, own: EvaluatedPartition | undefined): bigint | null {
    const facts = this.#ends.of(destinationPartitionKey(this.#destinationOf.get(topic) ?? -1, partition));
    if (facts === undefined) return null;
    return own === undefined || own.row.committedOffset === null
      ? facts.endOffset - facts.logStartOffset
      : own.lag.lagMessages;
  }
}

/** Of the topics to which the members subscribe, or of which they have any partition, those that no member has. */
function missingFromMembers(
  { members, subscription, protocol, state }: GroupInfo,
  partitionsOf: ReadonlyMap<string, readonly number[]>,
): Missing[] {
  if (handsOutSingly(protocol) || state !== "stable") return [];
  const assigned = new Map<string, Set<number>>(subscription.map((topic) => [topic, new Set<number>()]));
  for (const member of members) {
    for (const { topic, partition } of member.assignment) {
      const own = assigned.get(topic);
      if (own === undefined) assigned.set(topic, new Set([partition]));
      else own.add(partition);
    }
  }
  const missing: Missing[] = [];
  for (const [topic, own] of assigned) {
    const all = partitionsOf.get(topic) ?? [];
    if (own.size >= all.length) continue;
    for (const partition of all)
      if (!own.has(partition) && missing.length < MAX_REPORTED)
        missing.push({ topic, partition, isWholeTopic: own.size === 0 });
  }
  return missing;
}

/** Of a group that commits without members: the last partitions of a topic, if it commits on all before them. */
function missingFromCommits(
  partitions: readonly EvaluatedPartition[],
  partitionsOf: ReadonlyMap<string, readonly number[]>,
  nowMs: number,
): Missing[] {
  if (!partitions.some(({ row }) => nowMs - (row.committedAtMs ?? 0) < ALIVE_MS)) return [];
  const missing: Missing[] = [];
  for (const [topic, own] of Map.groupBy(partitions, (at) => at.topic)) {
    const all = partitionsOf.get(topic) ?? [];
    const read = new Set(own.flatMap(({ row }) => (row.committedOffset === null ? [] : [row.partition])));
    const hasHoles = all.some((partition) => partition < read.size && !read.has(partition));
    if (read.size < READS_ALL_AT_LEAST || read.size >= all.length || hasHoles) continue;
    for (const partition of all)
      if (!read.has(partition) && missing.length < MAX_REPORTED)
        missing.push({ topic, partition, isWholeTopic: false });
  }
  return missing;
}
