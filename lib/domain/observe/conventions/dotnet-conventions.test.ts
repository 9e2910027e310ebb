import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conversationIdOf } from "../../message/trace.ts";
import { observed, headersOf, GUID, GUID_HEX, type MessageRow } from "./message-row.test-data.ts";

const ROWS: readonly MessageRow[] = [
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
];

describe("conventions of .NET libraries", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observed(row), row.expected));
});
