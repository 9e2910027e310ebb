import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { readReplayMark, replayHeaders } from "./replay-headers.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const origin = { topic: "orders-dlt", partition: 1, offset: 7n };

describe("replayHeaders", () => {
  it("keeps what the event is, drops what its failure was, and says who sent it again", () => {
    const sent = replayHeaders(
      [
        ["traceparent", bytes("00-a-b-01")],
        ["kafka_dlt-original-topic", bytes("orders")],
        ["ce_id", bytes("1")],
        ["flowtap-replay-run", bytes("old")],
      ],
      { run: "7-ab", item: 3 },
      origin,
    );
    assert.deepEqual(
      sent.map(([name, value]) => [name, new TextDecoder().decode(value ?? bytes(""))]),
      [
        ["traceparent", "00-a-b-01"],
        ["ce_id", "1"],
        ["flowtap-replay-run", "7-ab"],
        ["flowtap-replay-item", "3"],
        ["flowtap-replay-origin", "orders-dlt/1/7"],
      ],
    );
  });

  it("is read back from any event", () => {
    const anyHeaders = fc.array(fc.tuple(fc.string(), fc.option(fc.uint8Array())));
    fc.assert(
      fc.property(anyHeaders, fc.integer({ min: 0, max: 999_999_999 }), (headers, item) => {
        assert.deepEqual(readReplayMark(replayHeaders(headers, { run: "7-ab", item }, origin)), { run: "7-ab", item });
      }),
    );
  });

  for (const [why, value] of [
    ["absent", null],
    ["not a number", "x"],
    ["negative", "-1"],
    ["endless", "9".repeat(200)],
  ] as const) {
    it(`takes no record for ours whose item is ${why}`, () => {
      assert.equal(
        readReplayMark([
          ["flowtap-replay-run", bytes("7-ab")],
          ["flowtap-replay-item", value === null ? null : bytes(value)],
        ]),
        null,
      );
    });
  }
});
