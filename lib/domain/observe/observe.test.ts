import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aRecord, bigEndian, type HeaderRow } from "../message/a-record.test-data.ts";
import { MESSAGE_CONVENTIONS, TRACE_CONVENTIONS } from "./conventions/table.ts";
import { FAILURE_MARKERS } from "../failure/dead-letter.ts";
import { hash64 } from "../message/hash.ts";
import { observe } from "./observe.ts";
import type { Observation, RawRecord } from "./observation.ts";
import { NO_RULES, type ObserveRules } from "./rules.ts";
import { conversationIdOf } from "../message/trace.ts";

const T = "0af7651916cd43dd8448eb211c80319c";
const S = "b7ad6b7169203331";
const GUID = "5B2F6C1E-5B1C-4A1E-9A55-1C2D3E4F5A6B";
const GUID_HEX = GUID.replaceAll("-", "").toLowerCase();

interface Row {
  why: string;
  record: Parameters<typeof aRecord>[0];
  rules?: Partial<ObserveRules>;
  expected: Partial<Observation>;
}

const withHeaders = (...headers: readonly HeaderRow[]): Row["record"] => ({ headers });

const rows: readonly Row[] = [
  {
    why: "CloudEvents in binary mode tells everything of an event",
    record: withHeaders(
      ["ce_specversion", "1.0"],
      ["ce_id", "e-1"],
      ["ce_type", "customer.updated"],
      ["ce_source", "/services/customer"],
      ["ce_time", "2024-05-06T07:08:09.123Z"],
      ["ce_dataschema", "https://schemas.example/customer.updated/2"],
      ["ce_causationid", "e-0"],
      ["ce_correlationid", "flow-1"],
      ["traceparent", `00-${T}-${S}-01`],
    ),
    expected: {
      traceId: T,
      traceOrigin: "w3c",
      messageId: "e-1",
      messageRef: hash64("e-1"),
      causationId: "e-0",
      causeRef: hash64("e-0"),
      conversationId: conversationIdOf("flow-1"),
      eventType: "customer.updated",
      schemaVersion: "2",
      service: "customer",
      createdAtMs: Date.UTC(2024, 4, 6, 7, 8, 9, 123),
    },
  },
  {
    why: "CloudEvents on AMQP",
    record: withHeaders(["cloudEvents_id", "a"], ["cloudEvents_type", "t"]),
    expected: { messageId: "a", eventType: "t" },
  },
  {
    why: "dataversion is said, not derived",
    record: withHeaders(["ce_type", "t"], ["ce_dataversion", "3"], ["ce_dataschema", "x/2"]),
    expected: { schemaVersion: "3" },
  },
  {
    why: "NServiceBus, with its own form of time and the first enclosed type",
    record: withHeaders(
      ["NServiceBus.MessageId", GUID],
      ["NServiceBus.ConversationId", GUID],
      ["NServiceBus.RelatedTo", "m-0"],
      ["NServiceBus.OriginatingEndpoint", "Sales"],
      [
        "NServiceBus.EnclosedMessageTypes",
        "Acme.Events.OrderPlaced, Acme.Events, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null;Acme.Events.IEvent, Acme.Events",
      ],
      ["NServiceBus.TimeSent", "2024-05-06 07:08:09:123456 Z"],
    ),
    expected: {
      messageId: GUID,
      causationId: "m-0",
      conversationId: GUID_HEX,
      traceId: GUID_HEX,
      traceOrigin: "conversation",
      service: "Sales",
      eventType: "OrderPlaced",
      createdAtMs: Date.UTC(2024, 4, 6, 7, 8, 9, 123),
    },
  },
  {
    why: "NServiceBus falls back on its correlation id",
    record: withHeaders(["NServiceBus.MessageId", "m"], ["NServiceBus.CorrelationId", "c-1"]),
    expected: { conversationId: conversationIdOf("c-1") },
  },
  {
    why: "MassTransit on Kafka carries no MT- prefix",
    record: withHeaders(
      ["MessageId", "m"],
      ["ConversationId", GUID],
      ["CorrelationId", "other"],
      ["InitiatorId", "i"],
      ["SourceAddress", "rabbitmq://host/vhost/orders-api?temporary=true"],
      ["MT-MessageType", "urn:message:Acme.Events:OrderPlaced"],
    ),
    expected: {
      messageId: "m",
      conversationId: GUID_HEX,
      causationId: "i",
      service: "orders-api",
      eventType: "OrderPlaced",
    },
  },
  {
    why: "Rebus",
    record: withHeaders(
      ["rbs2-msg-id", "m"],
      ["rbs2-corr-id", "c"],
      ["rbs2-in-reply-to", "p"],
      ["rbs2-msg-type", "Acme.OrderPlaced, Acme"],
      ["rbs2-sender-address", "orders"],
      ["rbs2-senttime", "2024-05-06T07:08:09.1234567+02:00"],
    ),
    expected: {
      messageId: "m",
      causationId: "p",
      conversationId: conversationIdOf("c"),
      eventType: "OrderPlaced",
      service: "orders",
      createdAtMs: Date.UTC(2024, 4, 6, 5, 8, 9, 123),
    },
  },
  {
    why: "CAP",
    record: withHeaders(["cap-msg-id", "1"], ["cap-corr-id", "77"], ["cap-msg-name", "order.placed"]),
    expected: { messageId: "1", eventType: "order.placed", conversationId: conversationIdOf("77") },
  },
  {
    why: "Axon: metadata correlationId is the cause, traceId the flow",
    record: withHeaders(
      ["axon-message-id", "m2"],
      ["axon-message-type", "com.acme.OrderPlaced"],
      ["axon-message-revision", "2"],
      ["axon-message-timestamp", bigEndian(1_700_000_000_000n, 8)],
      ["axon-metadata-correlationId", "m1"],
      ["axon-metadata-traceId", "m0"],
    ),
    expected: {
      messageId: "m2",
      causationId: "m1",
      conversationId: conversationIdOf("m0"),
      eventType: "OrderPlaced",
      schemaVersion: "2",
      createdAtMs: 1_700_000_000_000,
    },
  },
  {
    why: "Axon: the first message of a flow names it",
    record: withHeaders(["axon-message-id", "m0"]),
    expected: { conversationId: conversationIdOf("m0") },
  },
  {
    why: "Spring: a class name becomes its short name, quotes or not",
    record: withHeaders(["__TypeId__", '"com.acme.orders.OrderPlaced"']),
    expected: { eventType: "OrderPlaced" },
  },
  {
    why: "Spring: a type alias stays whole",
    record: withHeaders(["__TypeId__", "order.placed"]),
    expected: { eventType: "order.placed" },
  },
  {
    why: "Spring: a map is no event type",
    record: withHeaders(["__TypeId__", "java.util.LinkedHashMap"]),
    expected: { eventType: null },
  },
  {
    why: "Spring: the default correlation id is 16 raw bytes",
    record: withHeaders(["kafka_correlationId", new Uint8Array(16).fill(0xab)]),
    expected: { conversationId: "ab".repeat(16) },
  },
  {
    why: "Debezium outbox",
    record: withHeaders(["id", "o-1"], ["eventType", "OrderPlaced"]),
    expected: { messageId: "o-1", eventType: "OrderPlaced" },
  },
  {
    why: "Eventuate",
    record: withHeaders(["ID", "e-1"], ["event-type", "com.acme.OrderPlaced"], ["event-aggregate-type", "Order"]),
    expected: { messageId: "e-1", eventType: "OrderPlaced" },
  },
  {
    why: "a bare correlation id holds a flow together",
    record: withHeaders(["correlation-id", "order-7"]),
    expected: {
      traceId: conversationIdOf("order-7"),
      conversationId: conversationIdOf("order-7"),
      traceOrigin: "conversation",
      spanId: null,
    },
  },
  {
    why: "a correlation id that repeats the trace id joins it",
    record: withHeaders(["X-Correlation-Id", T]),
    expected: { traceId: T },
  },
  {
    why: "beside a trace the conversation is kept",
    record: withHeaders(["correlationId", "order-7"], ["traceparent", `00-${T}-${S}-01`]),
    expected: { traceId: T, conversationId: conversationIdOf("order-7") },
  },
  {
    why: "a correlation id that says none joins nothing",
    record: withHeaders(["correlation-id", "null"]),
    expected: { traceId: null, conversationId: null, traceOrigin: "none" },
  },
  {
    why: "an empty UUID joins nothing",
    record: withHeaders(["correlation-id", "00000000-0000-0000-0000-000000000000"]),
    expected: { traceId: null },
  },
  {
    why: "an id of a kilobyte is none",
    record: withHeaders(["correlation-id", "x".repeat(1024)]),
    expected: { conversationId: null },
  },

  {
    why: "a declared header is believed first",
    record: withHeaders(
      ["X-Flow", "f-1"],
      ["correlation-id", "c"],
      ["X-Type", "mine"],
      ["ce_type", "theirs"],
      ["X-App", "me"],
      ["ce_source", "/them"],
    ),
    rules: { correlationHeaders: ["x-flow"], typeHeaders: ["x-type"], serviceHeaders: ["x-app"] },
    expected: { conversationId: conversationIdOf("f-1"), eventType: "mine", service: "me" },
  },
  {
    why: "a declared path is read where headers tell nothing",
    record: { value: '{"meta":{"flow":"f-1"},"kind":"order.placed"}' },
    rules: { correlationJsonPaths: ["$.meta.flow"], typeJsonPaths: ["kind"] },
    expected: { conversationId: conversationIdOf("f-1"), traceOrigin: "conversation", eventType: "order.placed" },
  },
  {
    why: "a path is not read where a trace is told",
    record: { value: '{"flow":"f-1"}', headers: [["traceparent", `00-${T}-${S}-01`]] },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: null, traceId: T },
  },
  {
    why: "two ids beyond 2^53 are not rounded to one",
    record: { value: '{"flow":9007199254740993}' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: conversationIdOf("9007199254740993") },
  },
  {
    why: "Confluent JSON is read behind its schema id",
    record: { value: '\u0000\u0000\u0000\u0000\u000c{"flow":"f-1"}' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: conversationIdOf("f-1") },
  },
  {
    why: "bodies beyond 64 KiB stay closed",
    record: { value: JSON.stringify({ flow: "f-1", pad: "x".repeat(70_000) }) },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: null },
  },
  {
    why: "a broken body is no trouble",
    record: { value: '{"flow":' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: null },
  },
  {
    why: "structured CloudEvents, as Dapr writes them",
    record: {
      headers: [["content-type", "application/cloudevents+json; charset=utf-8"]],
      value: JSON.stringify({
        specversion: "1.0",
        id: "d-1",
        source: "orders",
        type: "com.dapr.event.sent",
        traceid: `00-${T}-${S}-01`,
        time: "2024-05-06T07:08:09Z",
      }),
    },
    expected: {
      traceId: T,
      traceOrigin: "cloudevents",
      spanId: S,
      messageId: "d-1",
      eventType: "com.dapr.event.sent",
      service: "orders",
      createdAtMs: Date.UTC(2024, 4, 6, 7, 8, 9),
    },
  },
  {
    why: "a body is not opened because it could be an envelope",
    record: { value: '{"specversion":"1.0","id":"1","type":"t"}' },
    expected: { eventType: null },
  },
  {
    why: "a declared producer stands in where nothing is told",
    record: { topic: "orders.eu" },
    rules: { producers: [{ topic: "orders.*", service: "shop" }] },
    expected: { service: "shop" },
  },
  {
    why: "the record's own word on its producer is believed first",
    record: {
      topic: "orders.eu",
      headers: [
        ["ce_source", "/checkout"],
        ["ce_id", "1"],
      ],
    },
    rules: { producers: [{ topic: "orders.*", service: "shop" }] },
    expected: { service: "checkout" },
  },

  {
    why: "a tombstone has no body but a size",
    record: { value: null, key: "abc", headers: [["h", "12"]] },
    expected: { tombstone: true, sizeBytes: 6, key: "abc" },
  },
  { why: "an empty body is no tombstone", record: { value: "" }, expected: { tombstone: false } },
  {
    why: "a binary key is shown as hex",
    record: { key: new Uint8Array([0, 0, 0, 0, 12, 255]) },
    expected: { key: "0x00000000" + "0cff" },
  },
  { why: "a long key is cut", record: { key: "k".repeat(500) }, expected: { key: "k".repeat(200) } },
  { why: "no key", record: { key: null }, expected: { key: null } },
  {
    why: "our own replays are known",
    record: withHeaders(["flowtap-replay-run", "12"], ["flowtap-replay-item", "34"]),
    expected: { replay: { runId: "12", item: "34" } },
  },
  { why: "half a replay is none", record: withHeaders(["flowtap-replay-run", "12"]), expected: { replay: null } },
];

describe("observe", () => {
  for (const { why, record, rules, expected } of rows) {
    it(why, () => {
      const seen = observe(aRecord(record), { ...NO_RULES, ...rules });
      for (const [field, value] of Object.entries(expected))
        assert.deepEqual(seen[field as keyof Observation], value, field);
    });
  }
});

/** Names that something looks for, in any case, and values from nothing to noise and near misses. */
const anyName = fc
  .oneof(
    fc.constantFrom(
      ...TRACE_CONVENTIONS.flatMap((each) => each.markers),
      ...MESSAGE_CONVENTIONS.flatMap((each) => each.markers),
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

describe("observe, whatever the record", () => {
  it("never throws, and says only what can be stored", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const seen = observe(record, BUSY_RULES);
        assert.match(seen.traceId ?? T, /^(?!0{32})[0-9a-f]{32}$/);
        assert.match(seen.conversationId ?? T, /^(?!0{32})[0-9a-f]{32}$/);
        for (const span of [seen.spanId, seen.parentSpanId]) assert.match(span ?? S, /^(?!0{16})[0-9a-f]{16}$/);
        for (const ref of [seen.messageRef, seen.causeRef]) assert.equal(BigInt.asIntN(64, ref ?? 0n), ref ?? 0n);
        const texts: readonly [string | null | undefined, number][] = [
          [seen.messageId, 512],
          [seen.causationId, 512],
          [seen.eventType, 200],
          [seen.schemaVersion, 200],
          [seen.service, 200],
          [seen.key, 200],
          [seen.deadLetter?.message, 2048],
          [seen.deadLetter?.stack, 16_384],
          [seen.deadLetter?.originalTopic, 400],
          [seen.deadLetter?.consumerGroup, 500],
          [seen.errorEvent?.message, 2048],
        ];
        for (const [text, max] of texts) {
          assert.ok((text?.length ?? 0) <= max);
          assert.ok(!(text?.includes("\u0000") ?? false));
        }
        assert.ok(seen.createdAtMs === null || !Number.isNaN(new Date(seen.createdAtMs).getTime()));
      }),
      { numRuns: 1000 },
    );
  });

  it("says the same every time", () => {
    fc.assert(
      fc.property(anyRecord, (record) => assert.deepEqual(observe(record, BUSY_RULES), observe(record, BUSY_RULES))),
      { numRuns: 200 },
    );
  });
});
