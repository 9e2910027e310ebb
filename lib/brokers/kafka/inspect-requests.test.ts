import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { perBroker } from "./inspect-requests.ts";
import { protocolOf, stateOf } from "./inspect-groups.ts";

describe("perBroker", () => {
  it("asks each broker in chunks, one at a time, and keeps every answer", async () => {
    const busy = new Map<number, number>();
    const sizes: number[] = [];
    const items = new Map([[1, Array.from({ length: 1201 }, (_, i) => i)], [2, [7]]]);
    const answers = await perBroker(items, 500, async (node, chunk) => {
      assert.equal(busy.get(node) ?? 0, 0);
      busy.set(node, 1);
      sizes.push(chunk.length);
      await Promise.resolve();
      busy.set(node, 0);
      return [...chunk];
    });
    assert.deepEqual(sizes.sort((a, b) => a - b), [1, 201, 500, 500]);
    assert.equal(answers.length, 1202);
  });
});

describe("what the broker calls a group", () => {
  for (const [type, protocolType, expected] of [["Classic", "consumer", "classic"], ["Consumer", "consumer", "consumer"], ["Share", "share", "share"], ["Streams", "streams", "streams"], ["", "consumer", "classic"], ["Classic", "", "simple"], ["Classic", "connect", "classic"], ["Novel", "x", "unknown"]] as const) {
    it(`${type || "no type"} / ${protocolType || "no protocol"} is ${expected}`, () => { assert.equal(protocolOf(type, protocolType), expected); });
  }
  for (const [state, expected] of [["Stable", "stable"], ["Empty", "empty"], ["PreparingRebalance", "rebalancing"], ["PREPARING_REBALANCE", "rebalancing"], ["Reconciling", "rebalancing"], ["Dead", "dead"], ["", "unknown"]] as const) {
    it(`${state || "no state"} is ${expected}`, () => { assert.equal(stateOf(state), expected); });
  }
});
