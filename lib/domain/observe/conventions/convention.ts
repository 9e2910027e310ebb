import type { TraceOrigin } from "../../message/flags.ts";
import type { HeaderIndex } from "../../message/headers.ts";

/** Ids as lower-case hex: 32 digits for the trace, 16 for spans; never all zero. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly parentSpanId: string | null;
}

/** What a framework writes about a message; a convention leaves out what it does not know. Texts are bounded. */
export interface MessageFacts {
  readonly messageId?: string | null;
  readonly causationId?: string | null;
  /** the correlation or conversation id as written; see conversationIdOf */
  readonly conversation?: string | null;
  readonly eventType?: string | null;
  readonly schemaVersion?: string | null;
  readonly service?: string | null;
  readonly createdAtMs?: number | null;
}

/** Reads the trace context of one propagation format. Called only if one of its lower-case markers is present. */
export interface TraceConvention {
  readonly origin: TraceOrigin;
  readonly markers: readonly string[];
  readonly read: (headers: HeaderIndex) => TraceContext | null;
}

/** Reads what one framework writes about a message. Called only if one of its lower-case markers is present. */
export interface MessageConvention {
  readonly name: string;
  readonly markers: readonly string[];
  readonly read: (headers: HeaderIndex) => MessageFacts;
}
