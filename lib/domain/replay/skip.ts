/** Moving a group past one event, and the copy that is kept of it. */
import { SKIP_HEADER } from "../failure/dead-letter-formats/flowtap-skip.ts";
import type { Headers } from "../message/headers.ts";
import { err, ok, type Result } from "../result.ts";
import { replayMarkHeaders, type RecordOrigin, type ReplayMark } from "./replay-headers.ts";

export interface SkipFacts {
  /** null: the group never committed on the partition */
  readonly committedOffset: bigint | null;
  /** the first event the group would be given there; null: none is committed and readable */
  readonly nextEventOffset: bigint | null;
}

export type WhyNotSkipped = "never_committed" | "past_it" | "not_its_next" | "no_such_event";

/**
 * Where a group stands once it is past the event: right behind it, so that nothing else is passed over; the group then
 * finds the next event that exists by itself. Only the very next event can be skipped, or those before it would be
 * skipped with it.
 */
export function skipPast(
  { committedOffset, nextEventOffset }: SkipFacts,
  offset: bigint,
): Result<bigint, WhyNotSkipped> {
  if (committedOffset === null) return err("never_committed");
  if (offset < committedOffset) return err("past_it");
  if (nextEventOffset !== null && nextEventOffset < offset) return err("not_its_next");
  return nextEventOffset === offset ? ok(offset + 1n) : err("no_such_event");
}

export interface SkippedEvent {
  readonly origin: RecordOrigin;
  readonly timestampMs: number;
  readonly group: string;
  readonly by: string;
  readonly why: string;
}

/** The headers of the copy: the event's own, then the dead letter's as Spring writes them, and Flowtap's. */
export function skipHeaders(
  headers: Headers,
  { origin, timestampMs, group, by, why }: SkippedEvent,
  mark: ReplayMark,
): Headers {
  const text = new TextEncoder();
  return [
    ...headers,
    ["kafka_dlt-original-topic", text.encode(origin.topic)],
    ["kafka_dlt-original-partition", bigEndian(BigInt(origin.partition), 4)],
    ["kafka_dlt-original-offset", bigEndian(origin.offset, 8)],
    [
      "kafka_dlt-original-timestamp",
      bigEndian(Number.isFinite(timestampMs) ? BigInt(Math.trunc(timestampMs)) : -1n, 8),
    ],
    ["kafka_dlt-original-consumer-group", text.encode(group)],
    ["kafka_dlt-exception-fqcn", text.encode("flowtap.Skipped")],
    ["kafka_dlt-exception-message", text.encode(`Skipped by ${by}: ${why}`)],
    ...replayMarkHeaders(mark, origin),
    [SKIP_HEADER, text.encode(group)],
  ];
}

function bigEndian(value: bigint, bytes: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt.asIntN(64, value));
  return new Uint8Array(view.buffer, 8 - bytes, bytes);
}
