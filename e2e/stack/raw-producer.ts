/** Writes record batches as they are given: what clients would not write, and the same again without building it anew. */
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, createAPI, createRecordsBatch, produceV9, Writer } from "@platformatic/kafka";

const PRODUCE = 0;
const VERSION = 9;
const TIMEOUT_MS = 30_000;
/** Of a topic just made, the broker names a leader some moments before that one knows. It has written nothing then. */
const NOT_LEADER = "NOT_LEADER_OR_FOLLOWER";
const TRIES = 50;
const PAUSE_MS = 100;

export interface RawProducer {
  /** Answers the offset that the broker gave to the first record. */
  send(topic: string, partition: number, batch: Buffer): Promise<bigint>;
  close(): Promise<void>;
}

const PRODUCE_BATCH = createAPI<[string, number, Buffer], produceV9.ProduceResponse>(
  PRODUCE,
  VERSION,
  (topic: string, partition: number, batch: Buffer) =>
    Writer.create()
      .appendString(null)
      .appendInt16(-1)
      .appendInt32(TIMEOUT_MS)
      .appendArray([topic], (to, name) => {
        to.appendString(name).appendArray([partition], (w, index) => {
          w.appendInt32(index)
            .appendUnsignedVarInt(batch.length + 1)
            .append(batch);
        });
      })
      .appendTaggedFields(),
  produceV9.parseResponse,
);

/** One batch of these values, of records that have nothing else. */
export const batchOf = (values: readonly Buffer[], compression: "none" | "gzip" | "zstd" = "none"): Buffer =>
  createRecordsBatch(
    values.map((value) => ({ topic: "", partition: 0, value, timestamp: BigInt(Date.now()) })),
    { compression },
  ).buffer;

/** `address`: of the broker that leads all partitions written to. */
export async function openRawProducer(address: string): Promise<RawProducer> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [address] });
  const [host = "", port] = address.split(":");
  const connection = await admin.connections.get({ host, port: Number(port) }).catch(async (error: unknown) => {
    await admin.close();
    throw error;
  });
  return {
    send: async (topic, partition, batch) => {
      for (let tries = 1; ; tries++) {
        try {
          const { responses } = await PRODUCE_BATCH.async(connection, topic, partition, batch);
          return responses[0]?.partitionResponses[0]?.baseOffset ?? -1n;
        } catch (error) {
          if (tries === TRIES || !isOf(error, NOT_LEADER)) throw error;
          await sleep(PAUSE_MS);
        }
      }
    },
    close: () => admin.close(),
  };
}

/** Whether it is the broker's answer of that name, and no other. */
const isOf = (error: unknown, apiId: string): boolean =>
  error instanceof AggregateError &&
  error.errors.length > 0 &&
  error.errors.every((one) => (one as { apiId?: unknown }).apiId === apiId);
