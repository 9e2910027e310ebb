import type { DeadLetterFacts } from "../failure/facts.ts";
import type { ErrorEventFacts } from "../failure/error-event.ts";
import type { TraceOrigin } from "../message/flags.ts";
import type { Headers } from "../message/headers.ts";

/** What is read of a record as the broker stores it. All but the topic comes from a producer and may be any bytes. */
export interface RawRecord {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** What is known of a record from its own headers and body. Texts are bounded and storable; ids are lower-case hex. */
export interface Observation {
  /** 32 hex digits; the conversation's id if the record has no trace id */
  readonly traceId: string | null;
  readonly traceOrigin: TraceOrigin;
  /** 16 hex digits: the span that sent the record */
  readonly spanId: string | null;
  /** only if the convention has it */
  readonly parentSpanId: string | null;
  /** correlation or conversation id as 32 hex digits (conversationIdOf), also beside a trace id */
  readonly conversationId: string | null;
  /** hash64 of messageId */
  readonly messageRef: bigint | null;
  /** hash64 of causationId; equals the messageRef of the message that caused this one */
  readonly causeRef: bigint | null;
  readonly messageId: string | null;
  readonly causationId: string | null;
  readonly eventType: string | null;
  readonly schemaVersion: string | null;
  /** the service that produced it */
  readonly service: string | null;
  /** it is the record that says so, not the configuration of its topic */
  readonly namesService: boolean;
  readonly createdAtMs: number | null;
  readonly key: string | null;
  /** key, value and headers, without the broker's overhead */
  readonly sizeBytes: number;
  readonly tombstone: boolean;
  readonly deadLetter: DeadLetterFacts | null;
  readonly retryHop: boolean;
  /** set if the rules declare it an error event and it is no copy of another event */
  readonly errorEvent: ErrorEventFacts | null;
  /** set if a replay of Flowtap sent it */
  readonly replay: { readonly runId: string; readonly item: string } | null;
}
