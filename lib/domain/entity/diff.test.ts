import assert from "node:assert/strict";
import fc from "#e2e/stack/property.ts";
import { describe, it } from "node:test";
import { diffJson } from "./diff.ts";
import type { Json } from "./json-value.ts";

const parse = (text: string) => JSON.parse(text) as Json;

describe("diffJson", () => {
  const CASES: readonly [before: Json | undefined, after: Json | undefined, expected: string[]][] = [
    [undefined, { a: 1 }, ['add  {"a":1}']],
    [{ a: 1 }, undefined, ['remove  {"a":1}']],
    [
      { a: 1, b: [1, 2], c: { d: null } },
      { a: 2, b: [1], c: { d: null, "e/~": 1 } },
      ["replace /a 1→2", "remove /b/1 2", "add /c/e~1~0 1"],
    ],
    [{ a: {} }, { a: [] }, ["replace /a {}→[]"]],
    [{ a: 1 }, { a: 1 }, []],
    [[1], [1, 2], ["add /1 2"]],
  ];
  for (const [before, after, expected] of CASES) {
    it(`${JSON.stringify(before)} → ${JSON.stringify(after)}`, () =>
      assert.deepEqual(
        diffJson(before, after, 10).changes.map(
          (c) => `${c.op} ${c.path} ${[c.before, c.after].filter((value) => value !== null).join("→")}`,
        ),
        expected,
      ));
  }
  it("returns at most the requested number of changes, with cut values", () => {
    const { changes, more } = diffJson({}, { a: "x".repeat(1000), b: 1, c: 1 }, 2);
    assert.deepEqual([changes.length, more, changes[0]?.after?.length], [2, true, 200]);
  });
  it("returns no changes exactly if the values are equal", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [from, to] = [a, b].map((value) => parse(JSON.stringify(value))) as [Json, Json];
        assert.equal(diffJson(from, from, 10).changes.length, 0);
        assert.equal(diffJson(from, parse(JSON.stringify(from)), 10).changes.length, 0);
        let same = true;
        try {
          assert.deepStrictEqual(from, to);
        } catch {
          same = false;
        }
        assert.equal(diffJson(from, to, 10).changes.length === 0, same);
      }),
    );
  });
});
