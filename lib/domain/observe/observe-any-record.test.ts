import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { FAILURE_MARKERS } from "../failure/dead-letter.ts";
import { MESSAGE_CONVENTIONS, TRACE_CONVENTIONS } from "./conventions/table.ts";
import type { RawRecord } from "./observation.ts";
import { observe } from "./observe.ts";
import type { ObserveRules } from "./rules.ts";

const T = "0af7651916cd43dd8448eb211c80319c";
const S = "b7ad6b7169203331";

/** Header names that are read, in any case; values from absent to noise and nearly valid ones. */
const anyName = fc
  .oneof(
    fc.constantFrom(
      ...TRACE_CONVENTIONS.flatMap(({ markers }) => markers),
      ...MESSAGE_CONVENTIONS.flatMap(({ markers }) => markers),
      ...FAILURE_MARKERS,
      "content-type",
      "ce_time",
      "ce_source",
      "kafka_dlt-original-offset",
      "x-exception-stacktrace",
    ),
    fc.string(),
  )
  .chain((name) => fc.constantFrom(name, name.toUpperCase()));
const anyBytes = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 64 }),
  fc.string().map((text) => new TextEncoder().encode(text)),
  fc
    .constantFrom(
      "application/cloudevents+json",
      `00-${T}-${S}-01`,
      '"',
      '"\\u0000"',
      "{}",
      "[1",
      "at ( ---> Caused by: ",
      "\u0000",
    )
    .map((text) => new TextEncoder().encode(text)),
);
const anyRecord: fc.Arbitrary<RawRecord> = fc.record({
  topic: fc.constantFrom("orders", "orders-dlt", "orders-retry-0", "x"),
  key: anyBytes,
  value: fc.oneof(
    anyBytes,
    fc.json().map((text) => new TextEncoder().encode(text)),
  ),
  headers: fc.array(fc.tuple(anyName, anyBytes), { maxLength: 20 }),
});

const BUSY_RULES: ObserveRules = {
  correlationHeaders: ["x"],
  correlationJsonPaths: ["a.b", "[0]"],
  typeHeaders: [],
  typeJsonPaths: ["type"],
  serviceHeaders: [],
  producers: [],
  deadLetterTopics: [{ topic: "x" }],
  retryTopics: [],
  errorEvents: [{ topic: "o*", messageHeader: "Content-Type", messageJsonPath: "a" }],
};

describe("observe, for any record", () => {
  it("never throws, and returns only what can be stored", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const observation = observe(record, BUSY_RULES);
        assert.match(observation.traceId ?? T, /^(?!0{32})[0-9a-f]{32}$/);
        assert.match(observation.conversationId ?? T, /^(?!0{32})[0-9a-f]{32}$/);
        for (const span of [observation.spanId, observation.parentSpanId])
          assert.match(span ?? S, /^(?!0{16})[0-9a-f]{16}$/);
        for (const ref of [observation.messageRef, observation.causeRef])
          assert.equal(BigInt.asIntN(64, ref ?? 0n), ref ?? 0n);
        const texts: readonly [string | null | undefined, number][] = [
          [observation.messageId, 512],
          [observation.causationId, 512],
          [observation.eventType, 200],
          [observation.schemaVersion, 200],
          [observation.service, 200],
          [observation.key, 200],
          [observation.deadLetter?.message, 2048],
          [observation.deadLetter?.stack, 16_384],
          [observation.deadLetter?.originalTopic, 400],
          [observation.deadLetter?.consumerGroup, 500],
          [observation.errorEvent?.message, 2048],
        ];
        for (const [text, max] of texts) {
          assert.ok((text?.length ?? 0) <= max);
          assert.ok(!(text?.includes("\u0000") ?? false));
        }
        assert.ok(observation.createdAtMs === null || !Number.isNaN(new Date(observation.createdAtMs).getTime()));
      }),
      { numRuns: 1000 },
    );
  });

  it("returns the same every time", () => {
    fc.assert(
      fc.property(anyRecord, (record) => assert.deepEqual(observe(record, BUSY_RULES), observe(record, BUSY_RULES))),
      { numRuns: 200 },
    );
  });
});
