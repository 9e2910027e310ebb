/** A cluster's brokers, topics and partition leaders, from one metadata request. */
import { metadataV12 } from "@platformatic/kafka";
import { boundedText, isDestinationName } from "../bounded.ts";
import { partitionKey } from "../partition-key.ts";
import type { DestinationInfo } from "../ports/inspector.ts";
import type { BrokerAddress, Requests } from "./inspect-requests.ts";

export const UNKNOWN_TOPIC = 3;
/** what a broker before topic ids (KIP-516) answers */
const NO_ID = "00000000-0000-0000-0000-000000000000";

export interface Layout {
  readonly brokers: Map<number, BrokerAddress>;
  readonly clusterId: string | null;
  readonly topics: DestinationInfo[];
  /** by partition key; -1: no leader */
  readonly leaders: Map<string, number>;
  /** by name; a topic of which the broker tells no id is left out */
  readonly topicIds: Map<string, string>;
  /** by name: Kafka's code of why a topic is left out that was asked for */
  readonly refused: Map<string, number>;
}

/** Of these topics, or of all. */
export const readLayout = async (requests: Requests, topics: readonly string[] | null = null): Promise<Layout> =>
  layoutOf(await requests.toAny(metadataV12.api, topics === null ? null : [...topics], false, false));

function layoutOf(answer: metadataV12.MetadataResponse): Layout {
  const topics: DestinationInfo[] = [];
  const leaders = new Map<string, number>();
  const topicIds = new Map<string, string>();
  const refused = new Map<string, number>();
  for (const raw of answer.topics) {
    if (raw.name && raw.errorCode !== 0 && raw.partitions.length === 0) refused.set(raw.name, raw.errorCode);
    if (!raw.name || !isDestinationName(raw.name) || raw.errorCode === UNKNOWN_TOPIC || raw.partitions.length === 0)
      continue;
    const partitions = raw.partitions
      .map((at) => ({
        partition: at.partitionIndex,
        leader: at.leaderId >= 0 ? at.leaderId : null,
        replicas: at.replicaNodes.length,
        inSync: at.isrNodes.length,
        offlineReplicas: at.offlineReplicas.length,
      }))
      .sort((a, b) => a.partition - b.partition);
    const id = raw.topicId === NO_ID ? null : raw.topicId;
    if (id !== null) topicIds.set(raw.name, id);
    topics.push({
      name: raw.name,
      id,
      partitions,
      isReadable: true,
      replication: Math.max(...raw.partitions.map((at) => at.replicaNodes.length)),
    });
    for (const { partition, leader } of partitions)
      leaders.set(partitionKey({ topic: raw.name, partition }), leader ?? -1);
  }
  return {
    brokers: new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { nodeId, host, port }])),
    clusterId: boundedText(answer.clusterId ?? "") || null,
    topics,
    leaders,
    topicIds,
    refused,
  };
}
