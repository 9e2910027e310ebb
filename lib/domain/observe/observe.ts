import { FAILURE_MARKERS, readFailure } from "../failure/dead-letter.ts";
import { readErrorEvent, type ErrorEventFacts } from "../failure/error-event.ts";
import type { DeadLetterFacts } from "../failure/facts.ts";
import { REPLAY_ITEM_HEADER, REPLAY_RUN_HEADER } from "../replay/replay-headers.ts";
import { idAtPaths, jsonObjectOf, nameAtPaths, readEnvelope } from "./envelope.ts";
import type { MessageFacts, TraceContext, TraceOrigin } from "./conventions/convention.ts";
import { MESSAGE_CONVENTIONS, TRACE_CONVENTIONS } from "./conventions/table.ts";
import { hash64 } from "../message/hash.ts";
import { HeaderIndexer, type HeaderIndex, type Headers } from "../message/headers.ts";
import { compileRules, type CompiledRules, type ObserveRules } from "./rules.ts";
import { readableKey } from "../text/text.ts";
import { conversationIdOf } from "../message/trace.ts";

/**
 * A record as a broker hands it over; every part of it but topic, partition and offset is whatever a
 * producer chose to send.
 */
export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** any int64, also far outside of what a Date can hold */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** What a record says of itself. Texts are bounded and storable; ids are lower-case hex. */
export interface Observation {
  /** 32 hex digits; the conversation's id where no trace is told */
  readonly traceId: string | null;
  readonly traceOrigin: TraceOrigin;
  /** 16 hex digits: the span that sent the record */
  readonly spanId: string | null;
  /** only where the convention states it */
  readonly parentSpanId: string | null;
  /** correlation or conversation id as 32 hex digits (conversationIdOf), also beside a trace id */
  readonly conversationId: string | null;
  /** hash64 of messageId */
  readonly messageRef: bigint | null;
  /** hash64 of causationId: equals the messageRef of the message that caused this one */
  readonly causeRef: bigint | null;
  readonly messageId: string | null;
  readonly causationId: string | null;
  readonly eventType: string | null;
  readonly schemaVersion: string | null;
  /** who produced it */
  readonly service: string | null;
  readonly createdAtMs: number | null;
  readonly key: string | null;
  /** key, value and headers, without the broker's overhead */
  readonly sizeBytes: number;
  readonly tombstone: boolean;
  readonly deadLetter: DeadLetterFacts | null;
  readonly retryHop: boolean;
  /** it tells of an error, as the rules say, and is no copy of another event */
  readonly errorEvent: ErrorEventFacts | null;
  /** sent by a replay of ours */
  readonly replay: { readonly runId: string; readonly item: string } | null;
}

// One bit per convention: a record's header names tell which of them can have anything to say.
const conventionBit = (i: number): number => 1 << i;
const messageBit = (i: number): number => conventionBit(TRACE_CONVENTIONS.length + i);
const FAILURE_BIT = messageBit(MESSAGE_CONVENTIONS.length);
const REPLAY_BIT = messageBit(MESSAGE_CONVENTIONS.length + 1);
const INDEXER = new HeaderIndexer(markers());

function markers(): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  const mark = (names: readonly string[], bit: number): void =>
    names.forEach((name) => bits.set(name, (bits.get(name) ?? 0) | bit));
  TRACE_CONVENTIONS.forEach((each, i) => mark(each.markers, conventionBit(i)));
  MESSAGE_CONVENTIONS.forEach((each, i) => mark(each.markers, messageBit(i)));
  mark(FAILURE_MARKERS, FAILURE_BIT);
  mark([REPLAY_RUN_HEADER], REPLAY_BIT);
  return bits;
}

/**
 * Reads what a record says of itself. Never throws, whatever the record holds; opens the body only where headers leave
 * the rules' questions unanswered.
 */
export function observe(record: RawRecord, rules: ObserveRules): Observation {
  const compiled = compileRules(rules);
  const ofTopic = compiled.ofTopic(record.topic);
  const headers = INDEXER.index(record.headers);
  const facts = new Gathered();
  facts.conversation = firstOf(compiled.correlationHeaders, (name) => headers.id(name));
  facts.eventType = firstOf(compiled.typeHeaders, (name) => headers.name(name));
  facts.service = firstOf(compiled.serviceHeaders, (name) => headers.name(name));
  readHeaders(headers, facts);
  readBody(record, headers, compiled, facts);

  const conversationId = facts.conversation === null ? null : conversationIdOf(facts.conversation);
  const failure = readFailure(headers, record.topic, ofTopic.standing, (headers.marks & FAILURE_BIT) !== 0);
  return {
    traceId: facts.trace?.traceId ?? conversationId,
    traceOrigin: facts.trace !== null ? facts.origin : conversationId !== null ? "conversation" : "none",
    spanId: facts.trace?.spanId ?? null,
    parentSpanId: facts.trace?.parentSpanId ?? null,
    conversationId,
    messageRef: facts.messageId === null ? null : hash64(facts.messageId),
    causeRef: facts.causationId === null ? null : hash64(facts.causationId),
    messageId: facts.messageId,
    causationId: facts.causationId,
    eventType: facts.eventType,
    schemaVersion: facts.schemaVersion,
    service: facts.service ?? ofTopic.producer,
    createdAtMs: facts.createdAtMs,
    key: readableKey(record.key),
    sizeBytes: sizeOf(record),
    tombstone: record.value === null,
    deadLetter: failure.deadLetter,
    retryHop: failure.retryHop,
    errorEvent:
      failure.deadLetter !== null || failure.retryHop || ofTopic.errorEvents.length === 0
        ? null
        : readErrorEvent(ofTopic.errorEvents, facts.eventType, headers, record.value),
    replay: (headers.marks & REPLAY_BIT) === 0 ? null : replayOf(headers),
  };
}

/** For each fact, whoever tells it first is believed. */
class Gathered {
  trace: TraceContext | null = null;
  origin: TraceOrigin = "none";
  messageId: string | null = null;
  causationId: string | null = null;
  conversation: string | null = null;
  eventType: string | null = null;
  schemaVersion: string | null = null;
  service: string | null = null;
  createdAtMs: number | null = null;

  add(told: MessageFacts): void {
    this.messageId ??= told.messageId ?? null;
    this.causationId ??= told.causationId ?? null;
    this.conversation ??= told.conversation ?? null;
    this.eventType ??= told.eventType ?? null;
    this.schemaVersion ??= told.schemaVersion ?? null;
    this.service ??= told.service ?? null;
    this.createdAtMs ??= told.createdAtMs ?? null;
  }

  follow(trace: TraceContext, origin: TraceOrigin): void {
    this.trace = trace;
    this.origin = origin;
  }
}

function readHeaders(headers: HeaderIndex, facts: Gathered): void {
  if (headers.marks === 0) return;
  for (let i = 0; i < TRACE_CONVENTIONS.length; i++) {
    if ((headers.marks & conventionBit(i)) === 0) continue;
    const convention = TRACE_CONVENTIONS[i] as (typeof TRACE_CONVENTIONS)[number];
    const trace = convention.read(headers);
    if (trace === null) continue;
    facts.follow(trace, convention.origin);
    break;
  }
  for (let i = 0; i < MESSAGE_CONVENTIONS.length; i++) {
    if ((headers.marks & messageBit(i)) !== 0)
      facts.add((MESSAGE_CONVENTIONS[i] as (typeof MESSAGE_CONVENTIONS)[number]).read(headers));
  }
}

function readBody(record: RawRecord, headers: HeaderIndex, rules: CompiledRules, facts: Gathered): void {
  const wantsCorrelation = facts.trace === null && facts.conversation === null && rules.correlationPaths.length > 0;
  const wantsType = facts.eventType === null && rules.typePaths.length > 0;
  if (!wantsCorrelation && !wantsType && !(facts.eventType === null && isStructuredMode(headers))) return;
  const body = jsonObjectOf(record.value);
  if (body === null) return;
  if (wantsCorrelation) facts.conversation = idAtPaths(body, rules.correlationPaths);
  if (wantsType) facts.eventType = nameAtPaths(body, rules.typePaths);
  const envelope = readEnvelope(body);
  if (envelope === null) return;
  facts.add(envelope.message);
  if (facts.trace === null && envelope.trace !== null) facts.follow(envelope.trace, envelope.origin);
}

/**
 * application/cloudevents+json, with or without parameters; a batch is several events and none of them is the record's.
 */
function isStructuredMode(headers: HeaderIndex): boolean {
  return (
    headers.has("content-type") &&
    /^application\/cloudevents\+json\s*(?:;|$)/i.test(headers.text("content-type", 256) ?? "")
  );
}

function firstOf(names: readonly string[], read: (name: string) => string | null): string | null {
  for (const name of names) {
    const value = read(name);
    if (value !== null) return value;
  }
  return null;
}

function sizeOf(record: RawRecord): number {
  let bytes = (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) bytes += name.length + (value?.length ?? 0);
  return bytes;
}

function replayOf(headers: HeaderIndex): Observation["replay"] {
  const runId = headers.id(REPLAY_RUN_HEADER);
  const item = headers.id(REPLAY_ITEM_HEADER);
  return runId === null || item === null ? null : { runId, item };
}
