/**
 * Writes records in transactions, which may span topics and brokers. After every transaction that is not committed the
 * producer gets a new epoch, and its batches are counted from zero again: the broker then takes none of them for one
 * that it has already.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { murmur2, NumericMap, produceV9, type MessageRecord } from "@platformatic/kafka";
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { partitionWords } from "#lib/domain/text/words.ts";
import { partitionKey } from "../../partition-key.ts";
import { BrokerFault } from "../../ports/errors.ts";
import type { OutgoingRecord, Publisher } from "../../ports/publisher.ts";
import { readLayout, type Layout } from "../inspect-layout.ts";
import { openRequests, type Requests } from "../inspect-requests.ts";
import { kafkaErrorOfCode } from "../protocol-error.ts";
import { refusalOf } from "./refusals.ts";
import { TransactionCoordinator, type ProducerIdentity } from "./transaction-coordinator.ts";

const ALL_IN_SYNC = -1;
const PRODUCE_TIMEOUT_MS = 30_000;
const TRIES = 6;
const RETRY_AFTER_MS = 250;
/** The batch was not appended, or it is not known whether it was: sent again, it is appended once all the same. */
const TRY_AGAIN: ReadonlySet<string> = new Set([
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "REQUEST_TIMED_OUT",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "KAFKA_STORAGE_ERROR",
]);

type AssignedRecord = OutgoingRecord & { readonly partition: number };

/** Rejects with `records_refused` when the broker does not let this publisher write at all. */
export async function openPublisher(cluster: KafkaClusterConfig, transactionalId: string): Promise<Publisher> {
  const requests = openRequests(cluster);
  const coordinator = new TransactionCoordinator(requests, transactionalId);
  try {
    return new KafkaPublisher(requests, coordinator, await coordinator.initialize());
  } catch (error) {
    await requests.close();
    throw error;
  }
}

class KafkaPublisher implements Publisher {
  readonly #requests: Requests;
  readonly #coordinator: TransactionCoordinator;
  #producer: ProducerIdentity;
  /** by `topic:partition`: how many records were written in this epoch */
  #sequences = new NumericMap();
  #unkeyed = 0;

  constructor(requests: Requests, coordinator: TransactionCoordinator, producer: ProducerIdentity) {
    this.#requests = requests;
    this.#coordinator = coordinator;
    this.#producer = producer;
  }

  async publish(
    records: readonly OutgoingRecord[],
  ): Promise<{ readonly partition: number; readonly offset: bigint }[]> {
    const layout = await readLayout(this.#requests, [...new Set(records.map(({ topic }) => topic))]);
    const assigned = records.map((record) => this.#withPartition(record, layout));
    const byPartition = Map.groupBy(assigned, partitionKey);
    let written: ReadonlyMap<string, bigint>;
    try {
      await this.#coordinator.addPartitions(
        this.#producer,
        [...byPartition.values()].flatMap((own) => own.slice(0, 1)),
      );
      written = await this.#produce(byPartition, layout);
    } catch (error) {
      // If even the abort fails, the next publisher of this id ends the transaction. The outcome is then uncertain, so
      // it is not reported as a refusal.
      await this.#abort();
      throw error;
    }
    await this.#coordinator.commit(this.#producer);
    for (const [key, own] of byPartition) this.#sequences.postIncrement(sequenceKey(key), own.length, 0);
    const next = new Map(written);
    return assigned.map((record) => {
      const key = partitionKey(record);
      const offset = next.get(key) ?? -1n;
      if (offset < 0n)
        throw new BrokerFault(
          { kind: "unknown" },
          `the broker did not say where it wrote to ${partitionWords(record)}`,
        );
      next.set(key, offset + 1n);
      return { partition: record.partition, offset };
    });
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  /** The next epoch begins with the abort of what this one has left open. */
  async #abort(): Promise<void> {
    this.#producer = await this.#coordinator.initialize(this.#producer);
    this.#sequences = new NumericMap();
  }

  /** A record without a partition goes where Java's producer would put it by its key. */
  #withPartition(record: OutgoingRecord, { topics }: Layout): AssignedRecord {
    if (record.partition !== null) return { ...record, partition: record.partition };
    const count = topics.find(({ name }) => name === record.topic)?.partitions.length ?? 0;
    if (count === 0) throw unknownTopic(record.topic);
    const number = record.key === null ? this.#unkeyed++ : murmur2(asBuffer(record.key)) & 0x7fffffff;
    return { ...record, partition: number % count };
  }

  /** The first offset by partition key. */
  async #produce(
    byPartition: ReadonlyMap<string, readonly AssignedRecord[]>,
    layout: Layout,
  ): Promise<ReadonlyMap<string, bigint>> {
    const written = new Map<string, bigint>();
    for (let tries = 1, known = layout; written.size < byPartition.size; tries++) {
      const left = [...byPartition].filter(([key]) => !written.has(key));
      const failed = await this.#produceOnce(left, known, written);
      if (failed === null) break;
      if (tries >= TRIES) throw failed;
      await sleep(RETRY_AFTER_MS * tries);
      known = await readLayout(this.#requests, [...new Set(left.flatMap(([, own]) => own.map(({ topic }) => topic)))]);
    }
    return written;
  }

  /** Notes what was written; answers why something was not, when trying again may help. Rejects when it may not. */
  async #produceOnce(
    left: readonly (readonly [key: string, records: readonly AssignedRecord[]])[],
    { brokers, leaders }: Layout,
    written: Map<string, bigint>,
  ): Promise<BrokerFault | null> {
    let failed: BrokerFault | null = null;
    for (const [leader, own] of Map.groupBy(left, ([key]) => leaders.get(key) ?? null)) {
      const first = own[0]?.[1][0];
      if (leader === null && first !== undefined) failed = unknownTopic(first.topic);
      const broker = brokers.get(leader ?? -1);
      if (broker === undefined) {
        failed ??= new BrokerFault({ kind: "refused" }, `${own[0]?.[0]} has no leader at the moment`);
        continue;
      }
      const answer = await this.#requests.toBroker(
        broker,
        produceV9.api,
        ALL_IN_SYNC,
        PRODUCE_TIMEOUT_MS,
        own.flatMap(([, records]) => records.map(messageOf)),
        {
          transactionalId: this.#coordinator.transactionalId,
          ...this.#producer,
          sequences: this.#sequences,
          compression: "gzip",
        },
      );
      if (typeof answer === "boolean") throw new BrokerFault({ kind: "unknown" }, "the broker answered nothing");
      for (const { name: topic, partitionResponses } of answer.responses)
        for (const { index, errorCode, errorMessage, baseOffset } of partitionResponses) {
          if (errorCode === 0) written.set(partitionKey({ topic, partition: index }), baseOffset);
          else failed = faultOf(errorCode, partitionWords({ topic, partition: index }), errorMessage);
        }
    }
    return failed;
  }
}

/** Throws when trying again cannot help. */
function faultOf(code: number, partition: string, detail: string | null | undefined): BrokerFault {
  const error = kafkaErrorOfCode(code);
  const message = `${partition}: ${detail ?? error.message}`;
  if (TRY_AGAIN.has(error.apiId))
    return new BrokerFault({ kind: "refused" }, `${error.apiId}: ${message}`, { cause: error });
  throw (
    refusalOf(error, message) ?? new BrokerFault({ kind: "refused" }, `${error.apiId}: ${message}`, { cause: error })
  );
}

const unknownTopic = (topic: string): BrokerFault =>
  new BrokerFault({ kind: "records_refused", forTheirContent: false }, `there is no topic ${topic} on this cluster`);

/** The client's own key of a partition. */
const sequenceKey = (key: string): string => key.replace(/\/(\d+)$/, ":$1");

function messageOf({ topic, partition, key, value, headers, timestampMs }: AssignedRecord): MessageRecord {
  return {
    topic,
    partition,
    // The client's types leave null out, which it writes as it should.
    ...(key !== null && { key: asBuffer(key) }),
    value: (value === null ? null : asBuffer(value)) as Buffer,
    // Each name a buffer of its own, so that headers of the same name are different keys.
    headers: new Map(
      headers.map(([name, bytes]) => [Buffer.from(name), bytes === null ? null : asBuffer(bytes)]),
    ) as Map<Buffer, Buffer>,
    ...(timestampMs !== undefined && { timestamp: BigInt(Math.trunc(timestampMs)) }),
  };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
