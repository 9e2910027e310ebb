import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord, bigEndian, type HeaderRow } from "../../message/a-record.test-data.ts";
import { hash64 } from "../../message/hash.ts";
import { conversationIdOf } from "../../message/trace.ts";
import type { Observation } from "../observation.ts";
import { observe } from "../observe.ts";
import { NO_RULES } from "../no-rules.test-data.ts";

const T = "0af7651916cd43dd8448eb211c80319c";
const S = "b7ad6b7169203331";
const GUID = "5B2F6C1E-5B1C-4A1E-9A55-1C2D3E4F5A6B";
const GUID_HEX = GUID.replaceAll("-", "").toLowerCase();

interface Row {
  readonly why: string;
  readonly headers: readonly HeaderRow[];
  readonly expected: Partial<Observation>;
}

const headersOf = (...headers: readonly HeaderRow[]): readonly HeaderRow[] => headers;

const ROWS: readonly Row[] = [
  {
    why: "CloudEvents in binary mode has every fact",
    headers: headersOf(
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
    headers: headersOf(["cloudEvents_id", "a"], ["cloudEvents_type", "t"]),
    expected: { messageId: "a", eventType: "t" },
  },
  {
    why: "CloudEvents: dataversion counts before the version in dataschema",
    headers: headersOf(["ce_type", "t"], ["ce_dataversion", "3"], ["ce_dataschema", "x/2"]),
    expected: { schemaVersion: "3" },
  },
  {
    why: "NServiceBus: its own time format, and the first enclosed type",
    headers: headersOf(
      ["NServiceBus.MessageId", GUID],
      ["NServiceBus.ConversationId", GUID],
      ["NServiceBus.RelatedTo", "m-0"],
      ["NServiceBus.OriginatingEndpoint", "Sales"],
      [
        "NServiceBus.EnclosedMessageTypes",
        [
          "Acme.Events.OrderPlaced, Acme.Events, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null",
          "Acme.Events.IEvent, Acme.Events",
        ].join(";"),
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
    why: "NServiceBus: the correlation id if there is no conversation id",
    headers: headersOf(["NServiceBus.MessageId", "m"], ["NServiceBus.CorrelationId", "c-1"]),
    expected: { conversationId: conversationIdOf("c-1") },
  },
  {
    why: "MassTransit on Kafka: no MT- prefix",
    headers: headersOf(
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
    headers: headersOf(
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
    headers: headersOf(["cap-msg-id", "1"], ["cap-corr-id", "77"], ["cap-msg-name", "order.placed"]),
    expected: { messageId: "1", eventType: "order.placed", conversationId: conversationIdOf("77") },
  },
  {
    why: "Axon: the metadata's correlationId is the cause, its traceId the conversation",
    headers: headersOf(
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
    why: "Axon: the first message of a flow gives it its id",
    headers: headersOf(["axon-message-id", "m0"]),
    expected: { conversationId: conversationIdOf("m0") },
  },
  {
    why: "Spring: a class name becomes its short name, with or without quotes",
    headers: headersOf(["__TypeId__", '"com.acme.orders.OrderPlaced"']),
    expected: { eventType: "OrderPlaced" },
  },
  {
    why: "Spring: a type alias is not shortened",
    headers: headersOf(["__TypeId__", "order.placed"]),
    expected: { eventType: "order.placed" },
  },
  {
    why: "Spring: a map is no event type",
    headers: headersOf(["__TypeId__", "java.util.LinkedHashMap"]),
    expected: { eventType: null },
  },
  {
    why: "Spring: the default correlation id is 16 raw bytes",
    headers: headersOf(["kafka_correlationId", new Uint8Array(16).fill(0xab)]),
    expected: { conversationId: "ab".repeat(16) },
  },
  {
    why: "Debezium outbox",
    headers: headersOf(["id", "o-1"], ["eventType", "OrderPlaced"]),
    expected: { messageId: "o-1", eventType: "OrderPlaced" },
  },
  {
    why: "Eventuate",
    headers: headersOf(["ID", "e-1"], ["event-type", "com.acme.OrderPlaced"], ["event-aggregate-type", "Order"]),
    expected: { messageId: "e-1", eventType: "OrderPlaced" },
  },
  {
    why: "a correlation id becomes the trace id if there is no trace",
    headers: headersOf(["correlation-id", "order-7"]),
    expected: {
      traceId: conversationIdOf("order-7"),
      conversationId: conversationIdOf("order-7"),
      traceOrigin: "conversation",
      spanId: null,
    },
  },
  {
    why: "a correlation id that is a trace id joins that trace",
    headers: headersOf(["X-Correlation-Id", T]),
    expected: { traceId: T },
  },
  {
    why: "the conversation is kept beside a trace",
    headers: headersOf(["correlationId", "order-7"], ["traceparent", `00-${T}-${S}-01`]),
    expected: { traceId: T, conversationId: conversationIdOf("order-7") },
  },
  {
    why: "a correlation id that means none is ignored",
    headers: headersOf(["correlation-id", "null"]),
    expected: { traceId: null, conversationId: null, traceOrigin: "none" },
  },
  {
    why: "an all-zero UUID is ignored",
    headers: headersOf(["correlation-id", "00000000-0000-0000-0000-000000000000"]),
    expected: { traceId: null },
  },
  {
    why: "an id of a kilobyte is ignored",
    headers: headersOf(["correlation-id", "x".repeat(1024)]),
    expected: { conversationId: null },
  },
];

describe("message conventions", () => {
  for (const { why, headers, expected } of ROWS) {
    it(why, () => {
      const observation = observe(aRecord({ headers }), NO_RULES);
      for (const [field, value] of Object.entries(expected))
        assert.deepEqual(observation[field as keyof Observation], value, field);
    });
  }
});
