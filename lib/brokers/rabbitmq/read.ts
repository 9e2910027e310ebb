/** Reads stretches of tap streams. Reading a stream changes nothing at the broker. */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { LogRecord } from "../ports/log-source.ts";
import type { ReadLimits, Reader, Stretch } from "../ports/reader.ts";
import { faultOnConnection, keepConnection, type ChannelModel, type ConsumeMessage } from "./connect.ts";
import { exchangeOf, tapStreamOf } from "./names.ts";
import { streamOffsetOf, toRecord } from "./record.ts";
import { consumeStream } from "./stream-consumer.ts";

/** After a message there is another within this time, or the stream ends. */
const IDLE_MS = 300;
/** Before the first one, the broker looks for its place. */
const FIRST_WITHIN_MS = 3000;
const MOST_PREFETCH = 500;

export function openReader(cluster: RabbitClusterConfig): Reader {
  const connection = keepConnection(cluster, "reader");
  return {
    read: async ({ topic, partition }, from, limits) => {
      const exchange = partition === 0 ? exchangeOf(topic) : null;
      if (exchange === null)
        throw new BrokerFault({ kind: "refused" }, `${topic} keeps no messages that could be read without taking them`);
      return readStretch(await connection.open(), cluster, exchange, from, limits);
    },
    close: () => connection.close(),
  };
}

async function readStretch(
  connection: ChannelModel,
  cluster: RabbitClusterConfig,
  exchange: string,
  from: bigint,
  { maxRecords, maxBytes, timeoutMs }: ReadLimits,
): Promise<Stretch> {
  const stream = tapStreamOf(exchange);
  const records: LogRecord[] = [];
  let [bytes, next] = [0, from];
  const ended = Promise.withResolvers<void>();
  let idle: NodeJS.Timeout | undefined;
  const deadline = setTimeout(() => ended.resolve(), timeoutMs);
  const add = (message: ConsumeMessage): void => {
    const offset = streamOffsetOf(message);
    if (offset === null || records.length >= maxRecords || bytes >= maxBytes) return ended.resolve();
    if (records.length === 0 && offset !== from) return ended.reject(outOfRange(exchange, from));
    records.push(toRecord(message, offset, Date.now()));
    bytes += message.content.length;
    next = offset + 1n;
    clearTimeout(idle);
    if (records.length >= maxRecords || bytes >= maxBytes) ended.resolve();
    else idle = setTimeout(() => ended.resolve(), IDLE_MS);
    consumer?.done(message);
  };
  let consumer: Awaited<ReturnType<typeof consumeStream>> | null = null;
  try {
    const prefetch = Math.max(1, Math.min(MOST_PREFETCH, maxRecords));
    consumer = await consumeStream({ connection, stream, from, prefetch, onMessage: add, onEnd: ended.reject });
    idle ??= setTimeout(() => ended.resolve(), FIRST_WITHIN_MS);
    await ended.promise;
    if (records.length === 0) throw outOfRange(exchange, from);
    return { records, nextOffset: next };
  } catch (error) {
    throw faultOnConnection(error, cluster);
  } finally {
    clearTimeout(deadline);
    clearTimeout(idle);
    await consumer?.close();
  }
}

const outOfRange = (exchange: string, from: bigint): BrokerFault =>
  new BrokerFault({ kind: "offset_out_of_range" }, `offset ${from} of the exchange ${exchange} is not kept any more`);
