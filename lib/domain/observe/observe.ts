import { FAILURE_MARKERS, readFailure } from "../failure/dead-letter.ts";
import { readErrorEvent } from "../failure/error-event.ts";
import { REPLAY_ITEM_HEADER, REPLAY_RUN_HEADER } from "../replay/replay-headers.ts";
import { idAtPaths, jsonObjectOf, mayBeEnvelope, nameAtPaths, readEnvelope } from "./envelope.ts";
import { MESSAGE_CONVENTIONS, TRACE_CONVENTIONS } from "./conventions/table.ts";
import { hash64 } from "../message/hash.ts";
import { maxNameChars } from "../message/header-text.ts";
import { firstOf, HeaderIndexer, type HeaderIndex } from "../message/headers.ts";
import type { Observation, RawRecord } from "./observation.ts";
import { compileRules, type CompiledRules, type ObserveRules } from "./rules.ts";
import { cutText, readableKey } from "../text/text.ts";
import { sizeOf } from "./size.ts";
import { conversationIdOf } from "../message/trace.ts";
import { FactCollector } from "./fact-collector.ts";

// One bit per convention: from a record's header names follows which conventions need to be asked.
const conventionBit = (i: number): number => 1 << i;
const messageBit = (i: number): number => conventionBit(TRACE_CONVENTIONS.length + i);
const FAILURE_BIT = messageBit(MESSAGE_CONVENTIONS.length);
const REPLAY_BIT = messageBit(MESSAGE_CONVENTIONS.length + 1);
const INDEXER = new HeaderIndexer(markerBits());

function markerBits(): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  const add = (names: readonly string[], bit: number): void =>
    names.forEach((name) => bits.set(name, (bits.get(name) ?? 0) | bit));
  TRACE_CONVENTIONS.forEach((convention, i) => add(convention.markers, conventionBit(i)));
  MESSAGE_CONVENTIONS.forEach((convention, i) => add(convention.markers, messageBit(i)));
  add(FAILURE_MARKERS, FAILURE_BIT);
  add([REPLAY_RUN_HEADER], REPLAY_BIT);
  return bits;
}

/**
 * Reads what a record's headers and body say about it. Never throws, whatever the record holds. The body is parsed only
 * if the headers lack something that the rules look for.
 */
export function observe(record: RawRecord, rules: ObserveRules): Observation {
  const compiled = compileRules(rules);
  const topicRules = compiled.ofTopic(record.topic);
  const headers = INDEXER.index(record.headers);
  const facts = new FactCollector();
  facts.conversation = firstOf(compiled.correlationHeaders, (name) => headers.id(name));
  facts.eventType = firstOf(compiled.typeHeaders, (name) => headers.name(name));
  facts.service = firstOf(compiled.serviceHeaders, (name) => headers.name(name));
  readHeaders(headers, facts);
  readBody(record, headers, compiled, facts);

  const conversationId = facts.conversation === null ? null : conversationIdOf(facts.conversation);
  const failure = readFailure(headers, record.topic, topicRules.role, (headers.markerBits & FAILURE_BIT) !== 0);
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
    eventType: cutName(facts.eventType),
    schemaVersion: cutName(facts.schemaVersion),
    service: cutName(facts.service ?? topicRules.producer),
    namesService: facts.service !== null,
    createdAtMs: facts.createdAtMs,
    key: readableKey(record.key),
    sizeBytes: sizeOf(record),
    tombstone: record.value === null,
    deadLetter: failure.deadLetter,
    retryHop: failure.retryHop,
    errorEvent:
      failure.deadLetter !== null || failure.retryHop || topicRules.errorEvents.length === 0
        ? null
        : readErrorEvent(topicRules.errorEvents, facts.eventType, headers, record.value),
    replay: (headers.markerBits & REPLAY_BIT) === 0 ? null : replayOf(headers),
  };
}

/** Whatever header or body a name comes from: it must fit into an index of the database. */
const cutName = (name: string | null): string | null => (name === null ? null : cutText(name, maxNameChars));

function readHeaders(headers: HeaderIndex, facts: FactCollector): void {
  if (headers.markerBits === 0) return;
  for (let i = 0; i < TRACE_CONVENTIONS.length; i++) {
    if ((headers.markerBits & conventionBit(i)) === 0) continue;
    const convention = TRACE_CONVENTIONS[i] as (typeof TRACE_CONVENTIONS)[number];
    const trace = convention.read(headers);
    if (trace === null) continue;
    facts.setTrace(trace, convention.origin);
    break;
  }
  for (let i = 0; i < MESSAGE_CONVENTIONS.length; i++) {
    if ((headers.markerBits & messageBit(i)) !== 0)
      facts.add((MESSAGE_CONVENTIONS[i] as (typeof MESSAGE_CONVENTIONS)[number]).read(headers));
  }
}

function readBody(record: RawRecord, headers: HeaderIndex, rules: CompiledRules, facts: FactCollector): void {
  const wantsCorrelation = facts.trace === null && facts.conversation === null && rules.correlationPaths.length > 0;
  const wantsType = facts.eventType === null && rules.typePaths.length > 0;
  const isDeclared = isStructuredMode(headers);
  const wantsEnvelope =
    (facts.eventType === null && isDeclared) ||
    ((facts.eventType === null || (facts.trace === null && facts.conversation === null)) &&
      mayBeEnvelope(record.value));
  if (!wantsCorrelation && !wantsType && !wantsEnvelope) return;
  const body = jsonObjectOf(record.value);
  if (body === null) return;
  if (wantsCorrelation) facts.conversation = idAtPaths(body, rules.correlationPaths);
  if (wantsType) facts.eventType = nameAtPaths(body, rules.typePaths);
  const envelope = readEnvelope(body, isDeclared);
  if (envelope === null) return;
  facts.add(envelope.message);
  if (facts.trace === null && envelope.trace !== null) facts.setTrace(envelope.trace, envelope.origin);
}

/**
 * Content type application/cloudevents+json, with or without parameters. A batch (application/cloudevents-batch+json)
 * holds several events, none of which is the record's.
 */
function isStructuredMode(headers: HeaderIndex): boolean {
  return (
    headers.has("content-type") &&
    /^application\/cloudevents\+json\s*(?:;|$)/i.test(headers.text("content-type", 256) ?? "")
  );
}

function replayOf(headers: HeaderIndex): Observation["replay"] {
  const runId = headers.id(REPLAY_RUN_HEADER);
  const item = headers.id(REPLAY_ITEM_HEADER);
  return runId === null || item === null ? null : { runId, item };
}
