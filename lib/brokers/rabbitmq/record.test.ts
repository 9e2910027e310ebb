import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConsumeMessage } from "./connect.ts";
import { streamOffsetOf, toRecord } from "./record.ts";

const READ_AT_MS = 1_700_000_000_250;

const message = (headers: Record<string, unknown>, properties: Record<string, unknown> = {}): ConsumeMessage => ({
  content: Buffer.from("body"),
  fields: { consumerTag: "t", deliveryTag: 1, redelivered: false, exchange: "orders", routingKey: "order.new" },
  properties: { ...NONE, ...properties, headers },
});
const NONE = {
  contentType: undefined,
  contentEncoding: undefined,
  deliveryMode: undefined,
  priority: undefined,
  correlationId: undefined,
  replyTo: undefined,
  expiration: undefined,
  messageId: undefined,
  timestamp: undefined,
  type: undefined,
  userId: undefined,
  appId: undefined,
  clusterId: undefined,
};
const read = (...given: Parameters<typeof message>) => toRecord(message(...given), 7n, READ_AT_MS);
const headersOf = (...given: Parameters<typeof message>) =>
  Object.fromEntries(read(...given).headers.map(([name, value]) => [name, value && Buffer.from(value).toString()]));

describe("a message as a record", () => {
  for (const [what, headers, timestamp, expected] of [
    [
      "the broker's, where it stamps messages",
      { timestamp_in_ms: 1_600_000_000_123 },
      1_700_000_000,
      1_600_000_000_123,
    ],
    ["the publisher's second", {}, 1_600_000_000, 1_600_000_000_000],
    ["that of reading, within the publisher's second", {}, 1_700_000_000, READ_AT_MS],
    ["that of reading, where nobody says one", {}, undefined, READ_AT_MS],
    ["that of reading, of a time that is none", {}, 0, READ_AT_MS],
  ] as const)
    it(`has the time: ${what}`, () => assert.equal(read(headers, { timestamp }).timestampMs, expected));

  it("has its properties as headers, under the names of the protocol or of what they stand for", () =>
    assert.deepEqual(
      headersOf(
        { traceparent: "00-1", "x-stream-offset": 3 },
        { messageId: "m", type: "order.placed", contentType: "application/json", appId: "" },
      ),
      {
        traceparent: "00-1",
        "amqp.routing_key": "order.new",
        "amqp.message_id": "m",
        "amqp.type": "order.placed",
        "content-type": "application/json",
      },
    ));

  it("has headers of any type as text, and those without a value as none", () =>
    assert.deepEqual(headersOf({ n: 12n, list: [1, { a: 2n }], none: null, yes: true }), {
      n: '"12"',
      list: '[1,{"a":"2"}]',
      none: null,
      yes: "true",
      "amqp.routing_key": "order.new",
    }));

  it("keeps so many headers and no more, and says how many are left out", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`h${i}`, "x"]));
    const record = read(many);
    assert.deepEqual([record.headers.length, record.headersLeftOut], [1000, 4001]);
  });

  it("is unreadable where its headers are too deep, and that stops nothing", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    assert.match(read({ deep }).unreadable ?? "", /call stack/i);
  });

  it("says where it lies in its stream, if it is in one", () => {
    assert.equal(streamOffsetOf(message({ "x-stream-offset": 3 })), 3n);
    assert.equal(streamOffsetOf(message({})), null);
    assert.equal(streamOffsetOf(message({ "x-stream-offset": "3" })), null);
  });
});
