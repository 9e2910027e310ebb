/**
 * Which transaction holds a partition's last stable offset. The partition's leader knows the producer's id, the
 * transaction's coordinator the transactional id.
 */
import { describeProducersV0, describeTransactionsV0, listTransactionsV0 } from "@platformatic/kafka";
import { partitionKey } from "../partition-key.ts";
import type { OpenTransaction } from "../ports/log-inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { boundedText } from "../bounded.ts";
import { type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { chunksOf, perBroker } from "./per-broker.ts";

const PARTITIONS_PER_REQUEST = 500;
const PRODUCERS_PER_REQUEST = 200;
const DESCRIBE_PRODUCERS = 61;
const LIST_TRANSACTIONS = 66;

interface StalledPartition extends PartitionRef {
  readonly lastStableOffset: bigint;
}

interface TransactionHolder {
  readonly key: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly lastTimestampMs: number;
}

export async function findOpenTransactions(
  requests: Requests,
  brokers: readonly BrokerAddress[],
  byLeader: ReadonlyMap<number, readonly StalledPartition[]>,
): Promise<Map<string, OpenTransaction>> {
  if (byLeader.size === 0 || (await requests.versionOf(DESCRIBE_PRODUCERS)) < 0) return new Map();
  const address = new Map(brokers.map((broker) => [broker.nodeId, broker]));
  const holders = await perBroker(
    byLeader,
    PARTITIONS_PER_REQUEST,
    async (nodeId, chunk): Promise<TransactionHolder[]> => {
      const broker = address.get(nodeId);
      return broker === undefined ? [] : askProducers(requests, broker, chunk);
    },
  );
  const named = await describeTransactions(requests, brokers, [
    ...new Set(holders.map(({ producerId }) => producerId)),
  ]);
  return new Map(
    holders.map(({ key, producerId, producerEpoch, lastTimestampMs }) => {
      const { transactionalId = null, startedAtMs = null } = named.get(producerId) ?? {};
      // A transaction unknown to its coordinator hangs. It began no later than its last write.
      return [
        key,
        {
          producerId,
          producerEpoch,
          transactionalId: transactionalId === null ? null : boundedText(transactionalId),
          startedAtMs: startedAtMs ?? lastTimestampMs,
        },
      ];
    }),
  );
}

async function askProducers(
  requests: Requests,
  broker: BrokerAddress,
  chunk: readonly StalledPartition[],
): Promise<TransactionHolder[]> {
  const stable = new Map(chunk.map((ref) => [partitionKey(ref), ref.lastStableOffset]));
  const asked = [...Map.groupBy(chunk, (ref) => ref.topic)].map(([name, refs]) => ({
    name,
    partitionIndexes: refs.map(({ partition }) => partition),
  }));
  const { topics } = await requests.toBroker(broker, describeProducersV0.api, asked);
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap((at) => {
      const key = partitionKey({ topic: name, partition: at.partitionIndex });
      const holder = at.activeProducers.find(
        (producer) => producer.currentTxnStartOffset >= 0n && producer.currentTxnStartOffset === stable.get(key),
      );
      return at.errorCode !== 0 || holder === undefined
        ? []
        : [
            {
              key,
              producerId: holder.producerId,
              producerEpoch: holder.producerEpoch,
              lastTimestampMs: Number(holder.lastTimestamp),
            },
          ];
    }),
  );
}

/** Transactional ids and start times by producer; producers that no coordinator knows are left out. */
async function describeTransactions(
  requests: Requests,
  brokers: readonly BrokerAddress[],
  producers: readonly bigint[],
): Promise<Map<bigint, { transactionalId: string; startedAtMs: number | null }>> {
  const found = new Map<bigint, { transactionalId: string; startedAtMs: number | null }>();
  if (producers.length === 0 || (await requests.versionOf(LIST_TRANSACTIONS)) < 0) return found;
  const chunks = [...chunksOf(producers, PRODUCERS_PER_REQUEST)];
  // Every broker coordinates some of the transactions.
  await perBroker(
    new Map(brokers.map((broker) => [broker.nodeId, chunks.map((chunk) => ({ broker, chunk }))])),
    1,
    async (_node, [asked]) => {
      if (asked === undefined) return [];
      const { transactionStates } = await requests.toBroker(
        asked.broker,
        listTransactionsV0.api,
        [],
        [...asked.chunk],
        -1n,
        null,
      );
      for (const { transactionalId, producerId } of transactionStates)
        found.set(producerId, { transactionalId, startedAtMs: null });
      const ids = transactionStates.map(({ transactionalId }) => transactionalId);
      if (ids.length === 0) return [];
      const described = await requests.toBroker(asked.broker, describeTransactionsV0.api, ids);
      for (const at of described.transactionStates)
        if (at.errorCode === 0)
          found.set(at.producerId, {
            transactionalId: at.transactionalId,
            startedAtMs: at.transactionStartTimeMs >= 0n ? Number(at.transactionStartTimeMs) : null,
          });
      return [];
    },
  );
  return found;
}
