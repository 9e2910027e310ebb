/** One ListOffsets request: the offsets of partitions at a time, or at one of Kafka's special timestamps. */
import { listOffsetsV7 } from "@platformatic/kafka";
import type { PartitionRef } from "../ports/partition.ts";
import type { BrokerAddress, Requests } from "./inspect-requests.ts";

export async function askOffsets(
  requests: Requests,
  broker: BrokerAddress,
  chunk: readonly PartitionRef[],
  timestamp: bigint,
  isolation: 0 | 1,
): Promise<(PartitionRef & { offset: bigint; errorCode: number })[]> {
  const topics = [...Map.groupBy(chunk, (ref) => ref.topic)].map(([name, refs]) => ({
    name,
    partitions: refs.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp })),
  }));
  const answer = await requests.toBroker(broker, listOffsetsV7.api, -1, isolation, topics);
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map((at) => ({ topic: name, partition: at.partitionIndex, offset: at.offset, errorCode: at.errorCode })),
  );
}
