import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boundedDestinations, boundedId, boundedMember, boundedText } from "./bounded.ts";

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
    assert.deepEqual(boundedDestinations(["b.v1", "a-x", "a-x"]), ["a-x", "b.v1"]);
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
    assert.deepEqual(boundedDestinations(["or\0ders", long, "orders"]), ["orders"]);
    assert.equal(boundedDestinations(Array.from({ length: 100_000 }, (_, i) => `t${i}`)).length, 20_000);
  });
});
