import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { MessageView } from "#lib/contracts/events.ts";
import { decodeBody } from "#lib/decode/decode-body.ts";
import { observe } from "#lib/domain/observe/observe.ts";
import type { ObserveRules } from "#lib/domain/observe/rules.ts";
import { cleanText, cutText, decodeBounded, hexOf } from "#lib/domain/text/text.ts";

const MOST_HEADERS = 200;
const HEADER_CHARS = 16_384;
const LATEST_MS = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * A record as people read it: body decoded, headers as text, and what it says of itself. Bounded, whatever
 * the record holds.
 */
export function messageView(
  cluster: string,
  { topic, partition }: PartitionRef,
  record: LogRecord,
  rules: ObserveRules,
  maxTextChars: number,
): MessageView {
  const seen = observe({ topic, ...record }, rules);
  const body = decodeBody(record.value);
  return {
    cluster,
    topic,
    partition,
    offset: String(record.offset),
    timestamp:
      record.timestampMs >= 0 && record.timestampMs <= LATEST_MS ? new Date(record.timestampMs).toISOString() : null,
    key: seen.key,
    headers: record.headers
      .slice(0, MOST_HEADERS)
      .map(([name, value]) => ({ name: cutText(cleanText(name), 300), value: headerText(value) })),
    encoding: body.encoding,
    text: cutText(body.text, maxTextChars),
    truncated: body.truncated || body.text.length > maxTextChars,
    sizeBytes: seen.sizeBytes,
    refusals: body.refusals.map(({ decoder, reason }) => ({ decoder, reason })),
    type: seen.eventType,
    traceId: seen.traceId,
    service: seen.service,
  };
}

/** Text where it is text; the bytes of numbers and ids in hex. */
function headerText(value: Uint8Array | null): string {
  if (value === null) return "";
  const text = decodeBounded(value, HEADER_CHARS * 4);
  return text.includes("\ufffd") || cleanText(text) !== text ? `0x${hexOf(value, 256)}` : cutText(text, HEADER_CHARS);
}

/** Why a broker could not be read, for people. Throws what is no fault of the broker. */
export function readFault(cluster: string, error: unknown): AppError {
  if (isBrokerFault(error, "offset_out_of_range"))
    return { code: "not_found", message: `No longer in the broker: ${error.message}.` };
  if (!isBrokerFault(error)) throw error;
  return { code: "broker_unreachable", message: `${cluster} could not be read: ${error.message}` };
}
