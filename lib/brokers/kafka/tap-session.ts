/**
 * One membership of a KafkaJS consumer in its group: seeks to the caller's positions at each assignment, and hands
 * batches over.
 */
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from "kafkajs";
import type { Logger } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import type { LogSourceHandlers, LogRecord } from "../ports/log-source.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { unreadableReason } from "./codecs-unreadable.ts";

const HEARTBEAT_EVERY_MS = 1500;

/**
 * Batch.fetchedOffset: the offset that was requested. It distinguishes a jump by KafkaJS from a gap in the log.
 * KafkaJS's types leave it out.
 */
type FetchedBatch = EachBatchPayload["batch"] & { readonly fetchedOffset: string | { toString(): string } };

export class TapSession {
  readonly #consumer: Consumer;
  readonly #kafka: Kafka;
  readonly #handlers: LogSourceHandlers;
  readonly #log: Logger;
  /** the offset each positioned partition must be read from next */
  readonly #next = new Map<string, bigint>();
  #joins = 0;
  #closed = false;

  constructor(
    consumer: Consumer,
    kafka: Kafka,
    handlers: LogSourceHandlers,
    log: Logger,
    onJoined: () => void,
    onCrash: (error: Error) => void,
  ) {
    this.#consumer = consumer;
    this.#kafka = kafka;
    this.#handlers = handlers;
    this.#log = log;
    consumer.on(consumer.events.CRASH, ({ payload }) => onCrash(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      this.#takeOver(assigned).then(onJoined, onCrash);
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0)
        this.#passEmpty(payload, BigInt(payload.lastOffset) + 1n, BigInt(payload.highWatermark));
    });
  }

  close(): void {
    this.#closed = true;
  }

  seek(ref: PartitionRef, offset: bigint): void {
    if (this.#closed || !this.#next.has(partitionKey(ref))) return;
    this.#next.set(partitionKey(ref), offset);
    this.#consumer.seek({ ...ref, offset: String(offset) });
  }

  /** Up to its first await this runs inside KafkaJS's join, before anything of the new assignment is fetched. */
  async #takeOver(assigned: readonly PartitionRef[]): Promise<void> {
    if (this.#closed) return;
    const join = ++this.#joins;
    const byTopic = [...Map.groupBy(assigned, (ref) => ref.topic)].map(([topic, refs]) => ({
      topic,
      partitions: refs.map((ref) => ref.partition),
    }));
    this.#next.clear();
    this.#consumer.pause(byTopic);
    this.#handlers.onRevoked();
    const positions = await this.#handlers.positionsOf(assigned);
    if (this.#closed || join !== this.#joins) return;
    assigned.forEach((ref, i) => {
      const offset = positions[i] ?? 0n;
      this.#next.set(partitionKey(ref), offset);
      this.#consumer.seek({ ...ref, offset: String(offset) });
    });
    this.#consumer.resume(byTopic);
  }

  async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const ref = { topic: batch.topic, partition: batch.partition };
    const expected = this.#next.get(partitionKey(ref));
    if (this.#closed || expected === undefined || payload.isStale()) return;
    const join = this.#joins;
    const fetched = BigInt(String((batch as FetchedBatch).fetchedOffset));
    if (fetched > expected && !(await this.#isGone(ref, expected, fetched))) return;
    const lastOffset = batch.lastOffset();
    const nextOffset = BigInt(lastOffset) + 1n;
    const handed = this.#handlers.onBatch({
      ...ref,
      records: batch.messages.map(recordOf),
      nextOffset,
      endOffset: BigInt(batch.highWatermark),
    });
    await withHeartbeats(handed, () => payload.heartbeat());
    if (this.#closed || join !== this.#joins || payload.isStale()) return;
    this.#next.set(partitionKey(ref), nextOffset);
    payload.resolveOffset(lastOffset);
  }

  /** A batch of control or aborted records only: KafkaJS skips it, so the position must skip it too. */
  #passEmpty(ref: PartitionRef, nextOffset: bigint, endOffset: bigint): void {
    const expected = this.#next.get(partitionKey(ref));
    if (this.#closed || expected === undefined || nextOffset <= expected) return;
    this.#next.set(partitionKey(ref), nextOffset);
    const { topic, partition } = ref;
    this.#handlers
      .onBatch({ topic, partition, records: [], nextOffset, endOffset })
      .catch((error: unknown) =>
        this.#log.warn({ err: error, topic, partition }, "a batch without records could not be passed"),
      );
  }

  /** KafkaJS reads on at a later offset than the position: retention removed the records between, or we seek back. */
  async #isGone(ref: PartitionRef, expected: bigint, fetched: bigint): Promise<boolean> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      const low = (await admin.fetchTopicOffsets(ref.topic)).find((at) => at.partition === ref.partition)?.low;
      if (low !== undefined && BigInt(low) > expected) {
        this.#handlers.onGap(ref, expected, fetched);
        return true;
      }
    } finally {
      await admin.disconnect();
    }
    this.#log.warn(
      { ...ref, expected: String(expected), fetched: String(fetched) },
      "read ahead of the position; going back",
    );
    this.seek(ref, expected);
    return false;
  }
}

function recordOf(message: KafkaMessage): LogRecord {
  const unreadable = unreadableReason(message.value);
  const record = {
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: headersOf(message),
  };
  return unreadable === null ? record : { ...record, unreadable };
}

/** KafkaJS keeps the order of duplicates, and the order of names unless they are integers. */
function headersOf(message: KafkaMessage): LogRecord["headers"] {
  const headers: [string, Uint8Array | null][] = [];
  for (const name in message.headers) {
    // The types also allow strings, for producers; a consumer always gets bytes.
    const value = message.headers[name] as Buffer | Buffer[] | null | undefined;
    if (Array.isArray(value)) for (const each of value) headers.push([name, each]);
    else headers.push([name, value ?? null]);
  }
  return headers;
}

/** Waits for the work and sends heartbeats meanwhile; rejects at once when a heartbeat reports a rebalance. */
async function withHeartbeats(work: Promise<void>, heartbeat: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => void heartbeat().catch(reject), HEARTBEAT_EVERY_MS);
  });
  try {
    await Promise.race([work, lost]);
  } finally {
    clearInterval(timer);
  }
}
