import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord, someHeaders } from "../message/a-record.test-data.ts";
import { observe } from "../observe/observe.ts";
import { NO_RULES } from "../observe/no-rules.test-data.ts";
import { DEAD_LETTER_ROWS } from "./dead-letter-formats/rows.test-data.ts";
import { springDlt } from "./dead-letter-formats/spring.test-data.ts";
import { stripForReplay } from "./strip-for-replay.ts";

describe("stripForReplay", () => {
  for (const { why, headers } of DEAD_LETTER_ROWS) {
    it(`leaves no failure headers: ${why}`, () => {
      const sent = stripForReplay(someHeaders(...headers));
      const again = observe({ ...aRecord({ topic: "somewhere" }), headers: sent }, NO_RULES);
      assert.deepEqual([again.deadLetter, again.retryHop], [null, false], JSON.stringify(sent.map(([name]) => name)));
    });
  }
  it("keeps all other headers in their order, above all the trace headers", () => {
    const kept = someHeaders(
      ["traceparent", "1"],
      ["b3", "2"],
      ["traceparent", "3"],
      ["ce_id", "4"],
      ["source_offset", "5"],
      ["NServiceBus.MessageId", "6"],
    );
    const headers = [
      ...someHeaders(...springDlt),
      ...kept,
      ...someHeaders(["Flowtap-Replay-Run", "1"], ["X-Death", "[]"]),
    ];
    assert.deepEqual(stripForReplay(headers), kept);
  });
});
