/** Records, and what must be observed in them. */
import type { aRecord, HeaderRow } from "../message/a-record.test-data.ts";
import { conversationIdOf } from "../message/trace.ts";
import type { Observation } from "./observation.ts";
import type { ObserveRules } from "./rules.ts";

const T = "0af7651916cd43dd8448eb211c80319c";
const S = "b7ad6b7169203331";

interface Row {
  readonly why: string;
  readonly record: Parameters<typeof aRecord>[0];
  readonly rules?: Partial<ObserveRules>;
  readonly expected: Partial<Observation>;
}

const withHeaders = (...headers: readonly HeaderRow[]): Row["record"] => ({ headers });

export const OBSERVE_CASES: readonly Row[] = [
  {
    why: "names are cut wherever they come from, so that the database can index them",
    record: withHeaders(
      ["MT-MessageType", `Acme.${"T".repeat(2000)}`],
      ["ce_specversion", "1.0"],
      ["ce_dataschema", `https://schemas/order/${"1".repeat(1010)}`],
      ["MT-Source-Address", `rabbitmq://host/${"s".repeat(900)}`],
    ),
    expected: { eventType: "T".repeat(200), service: "s".repeat(200) },
  },
  {
    why: "a declared header counts first",
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
    why: "a declared path is read if the headers lack the fact",
    record: { value: '{"meta":{"flow":"f-1"},"kind":"order.placed"}' },
    rules: { correlationJsonPaths: ["$.meta.flow"], typeJsonPaths: ["kind"] },
    expected: { conversationId: conversationIdOf("f-1"), traceOrigin: "conversation", eventType: "order.placed" },
  },
  {
    why: "a path is not read if there is a trace",
    record: { value: '{"flow":"f-1"}', headers: [["traceparent", `00-${T}-${S}-01`]] },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: null, traceId: T },
  },
  {
    why: "an id beyond 2^53 is not rounded",
    record: { value: '{"flow":9007199254740993}' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: conversationIdOf("9007199254740993") },
  },
  {
    why: "JSON after Confluent's schema id",
    record: { value: '\u0000\u0000\u0000\u0000\u000c{"flow":"f-1"}' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: conversationIdOf("f-1") },
  },
  {
    why: "bodies beyond 64 KiB are not parsed",
    record: { value: JSON.stringify({ flow: "f-1", pad: "x".repeat(70000) }) },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: null },
  },
  {
    why: "a body that is broken JSON is ignored",
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
  ...[undefined, "application/json"].map(
    (contentType): Row => ({
      why: `a CloudEvents envelope whose content type is ${contentType ?? "not told"}, as Dapr writes it`,
      record: {
        headers: contentType === undefined ? [] : [["content-type", contentType]],
        value: `\ufeff${JSON.stringify({
          data: { n: 1 },
          datacontenttype: "application/json",
          id: "d-1",
          pubsubname: "bus",
          source: "orders",
          specversion: "1.0",
          topic: "orders",
          traceid: `00-${T}-${S}-01`,
          type: "com.dapr.event.sent",
        })}`,
      },
      expected: {
        traceId: T,
        traceOrigin: "cloudevents",
        messageId: "d-1",
        eventType: "com.dapr.event.sent",
        service: "orders",
        namesService: true,
      },
    }),
  ),
  {
    why: "an envelope gives the trace of a record whose headers only name the type",
    record: {
      headers: [["x-type", "mine"]],
      value: `{"specversion":"1.0","id":"1","source":"/a","type":"theirs","traceparent":"00-${T}-${S}-01"}`,
    },
    rules: { typeHeaders: ["x-type"] },
    expected: { traceId: T, eventType: "mine" },
  },
  {
    why: "a body that lacks what an envelope must have is none, if no content type says so",
    record: { value: '{"specversion":"1.0","id":"1","type":"t"}' },
    expected: { eventType: null, messageId: null },
  },
  {
    why: "an envelope within an event is not the event's",
    record: { value: '{"inner":{"specversion":"1.0","id":"1","source":"/a","type":"t"},"type":"mine"}' },
    expected: { eventType: null, messageId: null },
  },
  {
    why: "JSON behind a byte-order mark",
    record: { value: '\ufeff {"flow":"f-1"}' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: conversationIdOf("f-1") },
  },
  {
    why: "JSON behind a byte-order mark and Confluent's schema id",
    record: { value: '\u0000\u0000\u0000\u0000\u000c\ufeff{"flow":"f-1"}' },
    rules: { correlationJsonPaths: ["flow"] },
    expected: { conversationId: conversationIdOf("f-1") },
  },
  {
    why: "a declared producer counts if the record names none",
    record: { topic: "orders.eu" },
    rules: { producers: [{ topic: "orders.*", service: "shop" }] },
    expected: { service: "shop" },
  },
  {
    why: "the producer that the record names counts first",
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
    why: "a tombstone has a size",
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
    why: "Flowtap's own replays",
    record: withHeaders(["flowtap-replay-run", "12"], ["flowtap-replay-item", "34"]),
    expected: { replay: { runId: "12", item: "34" } },
  },
  {
    why: "a replay run without an item is ignored",
    record: withHeaders(["flowtap-replay-run", "12"]),
    expected: { replay: null },
  },
];
