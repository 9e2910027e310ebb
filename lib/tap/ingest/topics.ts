/** Which of a cluster's topics are tapped, their roles by name, and the positions at which reading them begins. */
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { isDeadLetterName, isRetryName } from "#lib/domain/failure/topic-names.ts";
import { compileRules, type ObserveRules } from "#lib/domain/observe/rules.ts";
import { isIncluded } from "#lib/domain/text/glob.ts";
import type { FoundTopic } from "#lib/store/ingest/topics.ts";

const LIST_EVERY_MS = { atLeast: 3000, atMost: 9000, perTopic: 3 } as const;

/**
 * The pause before all topics are listed again. It grows with their number, because the answer does, but a new topic is
 * always found within ten seconds.
 */
export const listAgainAfterMs = (topics: number): number =>
  Math.min(LIST_EVERY_MS.atMost, Math.max(LIST_EVERY_MS.atLeast, topics * LIST_EVERY_MS.perTopic));

export function findTopics(
  topics: readonly DestinationInfo[],
  patterns: ClusterConfig["topics"],
  rules: ObserveRules,
): FoundTopic[] {
  const { ofTopic } = compileRules(rules);
  return topics.map(({ name: topic, id, isReadable, partitions, replication }) => {
    const { declared } = ofTopic(topic);
    return {
      topic,
      topicId: id,
      role: declared?.role ?? roleByName(topic),
      declared,
      partitionCount: partitions.length,
      replication,
      tapped: isReadable && isIncluded(patterns, topic),
    };
  });
}

/** Kafka's own topics hold no events, and neither do those in which Kafka Streams keeps its state. */
function roleByName(topic: string): FoundTopic["role"] {
  if (topic.startsWith("__") || /-(changelog|repartition)$/.test(topic)) return "internal";
  if (isDeadLetterName(topic)) return "dead_letter";
  return isRetryName(topic) ? "retry" : "event";
}

/** Where the configuration wants reading to begin, per partition. */
export async function configuredStarts(
  inspector: LogInspector,
  start: ClusterConfig["start"],
  partitions: readonly PartitionRef[],
  nowMs: number,
): Promise<(PartitionRef & { next: bigint })[]> {
  if (start === "earliest" || start === "latest") {
    const offsets = await inspector.logOffsets(partitions);
    return offsets.map(({ topic, partition, logStartOffset, endOffset }) => ({
      topic,
      partition,
      next: start === "earliest" ? logStartOffset : endOffset,
    }));
  }
  const offsets = await inspector.offsetsAt(partitions, nowMs - start.backMs);
  return partitions.flatMap(({ topic, partition }) => {
    const next = offsets.get(partitionKey({ topic, partition }));
    return next === undefined ? [] : [{ topic, partition, next }];
  });
}

/** The log's start of each, in order; null: the broker does not tell at the moment. */
export async function logStarts(
  inspector: LogInspector,
  partitions: readonly PartitionRef[],
): Promise<(bigint | null)[]> {
  const found = new Map((await inspector.logOffsets(partitions)).map((at) => [partitionKey(at), at.logStartOffset]));
  return partitions.map((ref) => found.get(partitionKey(ref)) ?? null);
}
