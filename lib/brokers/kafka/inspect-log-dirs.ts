/** The size of each partition's log on its leader's disk, in bytes. */
import { describeLogDirsV2 } from "@platformatic/kafka";
import { partitionKey } from "../partition-key.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { perBroker } from "./per-broker.ts";

const PARTITIONS_PER_REQUEST = 10_000;

/** By partition; empty without the right to describe the cluster. */
export async function readLogSizes(
  requests: Requests,
  brokers: ReadonlyMap<number, BrokerAddress>,
  byLeader: ReadonlyMap<number, readonly PartitionRef[]>,
): Promise<Map<string, bigint>> {
  const sizes = await perBroker(
    byLeader,
    PARTITIONS_PER_REQUEST,
    async (nodeId, chunk): Promise<(readonly [string, bigint])[]> => {
      const broker = brokers.get(nodeId);
      if (broker === undefined) return [];
      const asked = [...Map.groupBy(chunk, (ref) => ref.topic)].map(([name, refs]) => ({
        name,
        partitions: refs.map(({ partition }) => partition),
      }));
      const { results } = await requests.toBroker(broker, describeLogDirsV2.api, asked);
      return results.flatMap(({ errorCode, topics }) =>
        errorCode !== 0
          ? []
          : topics.flatMap(({ name, partitions }) =>
              partitions
                .filter((at) => !at.isFutureKey)
                .map((at) => [partitionKey({ topic: name, partition: at.partitionIndex }), at.partitionSize] as const),
            ),
      );
    },
  );
  return new Map(sizes);
}
