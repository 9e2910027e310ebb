import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { printJson, readJson } from "./json-ast.ts";

const read = (text: string) => {
  const result = readJson(text);
  assert.ok(result.ok, result.ok ? "" : result.error);
  return result.value;
};

describe("readJson", () => {
  it("means the same as JSON.parse, for any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        assert.deepEqual(
          JSON.parse(printJson(read(JSON.stringify(value, null, space)))),
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });

  it("never throws, whatever the text, and agrees with JSON.parse on what is JSON", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[[\]{}",:0-9eE.+\-truefalsn \\u]*$/));
    fc.assert(
      fc.property(text, (candidate) => {
        let valid = true;
        try {
          JSON.parse(candidate);
        } catch {
          valid = false;
        }
        assert.equal(readJson(candidate).ok, valid);
      }),
    );
  });

  it("keeps digits JSON.parse would round", () =>
    assert.equal(printJson(read('{"id":12345678901234567}')), '{\n  "id": 12345678901234567\n}'));
  it("keeps a member named twice", () => assert.equal(printJson(read('{"a":1,"a":2}')), '{\n  "a": 1,\n  "a": 2\n}'));

  for (const [why, text, message] of [
    ["depth", "[".repeat(100) + "]".repeat(100), /deeper than 64/],
    ["values", `[${"1,".repeat(6000)}1]`, /more than 5000/],
    ["an early end", '{"a":', /ends too early/],
    ["something behind the value", "{} x", /unexpected "x" at position 3/],
  ] as const) {
    it(`refuses ${why} and says so`, () => {
      const result = readJson(text);
      assert.match(result.ok ? "" : result.error, message);
    });
  }
});
