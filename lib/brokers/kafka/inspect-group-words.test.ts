import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commitLogPartition, protocolOf, readAssignment, readSubscription, stateOf } from "./inspect-group-words.ts";

describe("what the broker calls a group", () => {
  for (const [type, protocolType, expected] of [
    ["Classic", "consumer", "classic"],
    ["Consumer", "consumer", "consumer"],
    ["Share", "share", "share"],
    ["Streams", "streams", "streams"],
    ["", "consumer", "classic"],
    ["Classic", "", "simple"],
    ["Classic", "connect", "classic"],
    ["Novel", "x", "unknown"],
  ] as const) {
    it(`${type || "no type"} / ${protocolType || "no protocol"} is ${expected}`, () => {
      assert.equal(protocolOf(type, protocolType), expected);
    });
  }
  for (const [state, expected] of [
    ["Stable", "stable"],
    ["Empty", "empty"],
    ["PreparingRebalance", "rebalancing"],
    ["PREPARING_REBALANCE", "rebalancing"],
    ["Reconciling", "rebalancing"],
    ["Dead", "dead"],
    ["", "unknown"],
  ] as const) {
    it(`${state || "no state"} is ${expected}`, () => {
      assert.equal(stateOf(state), expected);
    });
  }
});

describe("the partition of the commit log a group belongs to", () => {
  // Math.abs(name.hashCode()) % 50 of Java; the last name's hash is the smallest int, whose absolute value
  // Kafka takes as 0.
  for (const [group, expected] of [
    ["", 0],
    ["a", 47],
    ["payments", 13],
    ["polygenelubricants", 0],
  ] as const) {
    it(`${group || "(empty)"}: ${expected}`, () => {
      assert.equal(commitLogPartition(group, 50), expected);
    });
  }
});

describe("what members send", () => {
  it("is nothing where it cannot be read", () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0]), Buffer.from([0, 1, 0x7f, 0xff, 0xff, 0xff, 0, 1])]) {
      assert.deepEqual(readAssignment(bytes), []);
      assert.deepEqual(readSubscription(bytes), []);
    }
  });
});
