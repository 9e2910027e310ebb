/** A message of AMQP 0-9-1 as a record: its properties become headers, named as the protocol names them. */
import type { LogRecord } from "../ports/log-source.ts";
import type { ConsumeMessage } from "./connect.ts";

const MAX_HEADERS = 1000;
const STREAM_OFFSET = "x-stream-offset";
/** by a message interceptor of the broker (RabbitMQ 4.2), the time at which it took the message */
const BROKER_TIME = "timestamp_in_ms";

/** The offset of a message in its stream; null: the message comes from no stream. */
export function streamOffsetOf({ properties }: ConsumeMessage): bigint | null {
  const offset: unknown = headersOf(properties)[STREAM_OFFSET];
  return typeof offset === "number" || typeof offset === "bigint" ? BigInt(offset) : null;
}

/** Without a time of its own, a message has the time at which it was read. */
export function toRecord(message: ConsumeMessage, offset: bigint, readAtMs: number): LogRecord {
  try {
    return readRecord(message, offset, readAtMs);
  } catch (error) {
    // Such as a header of tables in tables in tables, too deep to be written as text.
    const unreadable = error instanceof Error ? error.message : String(error);
    return { offset, timestampMs: readAtMs, key: null, value: null, headers: [], unreadable };
  }
}

function readRecord(message: ConsumeMessage, offset: bigint, readAtMs: number): LogRecord {
  const headers: [string, Uint8Array | null][] = [];
  const given = headersOf(message.properties);
  for (const [name, value] of Object.entries(given)) if (name !== STREAM_OFFSET) headers.push([name, bytesOf(value)]);
  for (const [name, value] of propertiesOf(message)) headers.push([name, Buffer.from(value)]);
  return {
    offset,
    timestampMs: timeOf(given[BROKER_TIME], message.properties.timestamp, readAtMs),
    key: null,
    value: message.content,
    headers: headers.length > MAX_HEADERS ? headers.slice(0, MAX_HEADERS) : headers,
    producer: null,
    ...(headers.length > MAX_HEADERS && { headersLeftOut: headers.length - MAX_HEADERS }),
  };
}

const headersOf = ({ headers }: ConsumeMessage["properties"]): Readonly<Record<string, unknown>> => headers ?? {};

/** Some stand for a header that other protocols have. */
function* propertiesOf({ fields, properties }: ConsumeMessage): Iterable<readonly [string, string]> {
  yield ["amqp.routing_key", fields.routingKey];
  for (const [name, value] of [
    ["amqp.message_id", properties.messageId],
    ["amqp.correlation_id", properties.correlationId],
    ["amqp.type", properties.type],
    ["amqp.app_id", properties.appId],
    ["amqp.user_id", properties.userId],
    ["amqp.reply_to", properties.replyTo],
    ["amqp.expiration", properties.expiration],
    ["content-type", properties.contentType],
    ["content-encoding", properties.contentEncoding],
  ] as const)
    if (typeof value === "string" && value !== "") yield [name, value];
}

const SECOND_MS = 1000;

/**
 * A publisher's timestamp is in whole seconds: where the message was read within that second, it is from before then.
 */
function timeOf(brokerTime: unknown, timestamp: unknown, readAtMs: number): number {
  if (typeof brokerTime === "number") return brokerTime;
  if (typeof timestamp !== "number" || timestamp <= 0) return readAtMs;
  const fromMs = timestamp * SECOND_MS;
  return readAtMs >= fromMs && readAtMs < fromMs + SECOND_MS ? readAtMs : fromMs;
}

/** Text as it is, and anything else as JSON: tables, lists, numbers, truth values. */
function bytesOf(value: unknown): Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return value;
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value, plain));
}

const plain = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
