/** Partitions that a group should read and nobody of it does, and since when. */
import type { GroupInfo, DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { UnassignedPartition } from "#lib/domain/health/log/situation.ts";
import type { EvaluatedPartition } from "./evaluated-partition.ts";
import { destinationPartitionKey, type LogEnds } from "../state/log-ends.ts";

/** Commits tell of a group without members that it lives, for so long. */
const LIVES_MS = 60_000;
/**
 * Who reads partitions that he chose himself reads all of them, it seems, when he reads at least so many and
 * misses only the last.
 */
const READS_ALL_AT_LEAST = 2;
const MOST_TOLD = 1000;

export class UnassignedPartitions {
  readonly #ends: LogEnds;
  #since = new Map<number, Map<string, number>>();
  #partitionsOf = new Map<string, readonly number[]>();
  #destinationOf: ReadonlyMap<string, number> = new Map();

  constructor(ends: LogEnds) {
    this.#ends = ends;
  }

  add(topics: readonly DestinationInfo[], destinationOf: ReadonlyMap<string, number>): void {
    this.#partitionsOf = new Map(
      topics.map(({ name: topic, partitions }) => [topic, partitions.map(({ partition }) => partition)]),
    );
    this.#destinationOf = destinationOf;
  }

  partitionCount(topic: string): number {
    return this.#partitionsOf.get(topic)?.length ?? 0;
  }

  of(groupId: number, info: GroupInfo, places: readonly EvaluatedPartition[], nowMs: number): UnassignedPartition[] {
    const missing = info.members.length > 0 ? this.#unassigned(info) : this.#leftOut(places, nowMs);
    if (missing.length === 0) {
      // In a rebalance nobody has anything: that does not make it older.
      if (info.state !== "rebalancing") this.#since.delete(groupId);
      return [];
    }
    const before = this.#since.get(groupId);
    const since = new Map<string, number>();
    const committed = new Map(places.map((at) => [`${at.topic}/${at.row.partition}`, at]));
    const unread = missing.flatMap(({ topic, partition, isWholeTopic }): UnassignedPartition[] => {
      const key = `${topic}/${partition}`;
      const sinceMs = before?.get(key) ?? nowMs;
      since.set(key, sinceMs);
      const facts = this.#ends.of(destinationPartitionKey(this.#destinationOf.get(topic) ?? -1, partition));
      if (facts === undefined) return [];
      const own = committed.get(key);
      return [
        {
          topic,
          partition,
          sinceMs,
          isWholeTopic,
          waitingMessages:
            own === undefined || own.row.committedOffset === null
              ? facts.endOffset - facts.logStartOffset
              : own.waiting.lagMessages,
        },
      ];
    });
    this.#since.set(groupId, since);
    return unread;
  }

  forgetOthers(groups: ReadonlyMap<number, unknown>): void {
    for (const groupId of this.#since.keys()) if (!groups.has(groupId)) this.#since.delete(groupId);
  }

  /** What its members have of the topics they subscribe to, or have any partition of, is not all there is. */
  #unassigned({
    members,
    subscription,
    protocol,
    state,
  }: GroupInfo): { topic: string; partition: number; isWholeTopic: boolean }[] {
    if (protocol === "share" || state !== "stable") return [];
    const assigned = new Map<string, Set<number>>(subscription.map((topic) => [topic, new Set<number>()]));
    for (const member of members) {
      for (const { topic, partition } of member.assignment) {
        const own = assigned.get(topic);
        if (own === undefined) assigned.set(topic, new Set([partition]));
        else own.add(partition);
      }
    }
    const missing: { topic: string; partition: number; isWholeTopic: boolean }[] = [];
    for (const [topic, own] of assigned) {
      const all = this.#partitionsOf.get(topic) ?? [];
      if (own.size >= all.length) continue;
      for (const partition of all)
        if (!own.has(partition) && missing.length < MOST_TOLD)
          missing.push({ topic, partition, isWholeTopic: own.size === 0 });
    }
    return missing;
  }

  /** Of a group that has no members and commits: the last partitions of a topic, when it commits on all before them. */
  #leftOut(
    places: readonly EvaluatedPartition[],
    nowMs: number,
  ): { topic: string; partition: number; isWholeTopic: boolean }[] {
    if (!places.some(({ row }) => nowMs - (row.committedAtMs ?? 0) < LIVES_MS)) return [];
    const missing: { topic: string; partition: number; isWholeTopic: boolean }[] = [];
    for (const [topic, own] of Map.groupBy(places, (at) => at.topic)) {
      const all = this.#partitionsOf.get(topic) ?? [];
      const read = new Set(own.flatMap(({ row }) => (row.committedOffset === null ? [] : [row.partition])));
      if (
        read.size < READS_ALL_AT_LEAST ||
        read.size >= all.length ||
        all.some((partition) => partition < read.size && !read.has(partition))
      )
        continue;
      for (const partition of all)
        if (!read.has(partition) && missing.length < MOST_TOLD) missing.push({ topic, partition, isWholeTopic: false });
    }
    return missing;
  }
}
