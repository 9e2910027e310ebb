import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { applyEdit, diffLines } from "./edit.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const original = {
  value: bytes("old"),
  headers: [
    ["a", bytes("1")],
    ["b", bytes("2")],
    ["a", bytes("3")],
    ["c", new Uint8Array([255])],
  ] as const,
};

describe("applyEdit", () => {
  it("leaves what is not said byte for byte", () =>
    assert.deepEqual(applyEdit(original, { setHeaders: [], removeHeaders: [] }), {
      value: original.value,
      headers: [...original.headers],
    }));
  it("takes a new body, or none", () => {
    assert.deepEqual(applyEdit(original, { body: "né", setHeaders: [], removeHeaders: [] }).value, bytes("né"));
    assert.equal(applyEdit(original, { body: null, setHeaders: [], removeHeaders: [] }).value, null);
  });
  it("sets a header in place of all of its name, and removes", () =>
    assert.deepEqual(applyEdit(original, { setHeaders: [{ name: "a", value: "9" }], removeHeaders: ["b"] }).headers, [
      ["c", new Uint8Array([255])],
      ["a", bytes("9")],
    ]));
});

describe("diffLines", () => {
  it("shows what went and what came", () =>
    assert.deepEqual(
      diffLines("{\n  a: 1,\n  b: 2\n}", "{\n  a: 1,\n  b: 3,\n  c: 4\n}").map(({ sign, text }) => sign + text),
      [" {", "   a: 1,", "-  b: 2", "+  b: 3,", "+  c: 4", " }"],
    ));
  it("tells both texts whole, whatever they are", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((all) => all.join("\n"));
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        assert.equal(
          diff
            .filter(({ sign }) => sign !== "+")
            .map(({ text }) => text)
            .join("\n"),
          before,
        );
        assert.equal(
          diff
            .filter(({ sign }) => sign !== "-")
            .map(({ text }) => text)
            .join("\n"),
          after,
        );
      }),
    );
  });
});
