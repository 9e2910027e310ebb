import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  boundedId,
  boundedMember,
  boundedText,
  boundedTopics,
  commitLogPartition,
  protocolOf,
  readAssignment,
  readSubscription,
  stateOf,
} from "./inspect-group-words.ts";

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

describe("what members carry", () => {
  it("is nothing where it cannot be read", () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0]), Buffer.from([0, 1, 0x7f, 0xff, 0xff, 0xff, 0, 1])]) {
      assert.deepEqual(readAssignment(bytes), []);
      assert.deepEqual(readSubscription(bytes), []);
    }
  });
});

describe("what clients say of themselves", () => {
  const long = "x".repeat(40_000);
  it("stays as it is where it can be stored", () => {
    const member = {
      memberId: "consumer-1-8f14e45f-ceea-467f-ab5d-2b3a9c1d0e55",
      clientId: "zahlung-größe 支付",
      host: "10.0.0.7",
      assignment: [{ topic: "orders", partition: 0 }],
      targetAssignment: null,
      epoch: 3,
    };
    assert.deepEqual(boundedMember(member), member);
    assert.deepEqual(boundedTopics(["b.v1", "a-x", "a-x"]), ["a-x", "b.v1"]);
  });
  it("is the number of an address, without Java's slash", () => {
    assert.equal(
      boundedMember({
        memberId: "m",
        clientId: "c",
        host: "/10.0.0.7",
        assignment: [],
        targetAssignment: null,
        epoch: null,
      }).host,
      "10.0.0.7",
    );
  });
  for (const [why, id] of [
    ["NUL", "a\0b"],
    ["too long", long],
    ["cut in half a character", `${"x".repeat(299)}😀`],
    ["other controls", "a\u001bb"],
  ] as const) {
    it(`is changed for: ${why}`, () => {
      for (const text of [boundedText(id), boundedId(id)]) {
        assert.ok(text.length <= 300 && text.isWellFormed() && !/[\0\u001b]/.test(text), text);
        assert.equal(JSON.parse(JSON.stringify(text)), text);
      }
    });
  }
  it("does not make one member of two", () => {
    const ids = ["a\0b", "a\u0001b", "a\ufffdb", `${long}1`, `${long}2`].map(boundedId);
    assert.equal(new Set(ids).size, ids.length);
  });
  it("names no partition that cannot be", () => {
    const refs = ["orders", "or\0ders", long, "", "a b"].flatMap((topic) =>
      [0, -1].map((partition) => ({ topic, partition })),
    );
    const bounded = boundedMember({
      memberId: "m",
      clientId: "c",
      host: "h",
      assignment: refs,
      targetAssignment: refs,
      epoch: null,
    });
    assert.deepEqual(
      [bounded.assignment, bounded.targetAssignment],
      [[{ topic: "orders", partition: 0 }], [{ topic: "orders", partition: 0 }]],
    );
    assert.deepEqual(boundedTopics(["or\0ders", long, "orders"]), ["orders"]);
    assert.equal(boundedTopics(Array.from({ length: 100_000 }, (_, i) => `t${i}`)).length, 20_000);
  });
});
