import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textAtPath, parseJsonPath } from "./json-path.ts";

describe("JSON paths", () => {
  const body = { a: { "b c": ["x", { d: 7 }] }, flag: true, nothing: null };
  for (const [path, expected] of [
    ['$.a["b c"][1].d', "7"],
    ["a.b c[0]", "x"],
    ["flag", "true"],
    ["nothing", null],
    ["a", null],
    ["constructor.name", null],
    ["a.b.c.d", null],
  ] as const)
    it(`${path} → ${expected}`, () => assert.equal(textAtPath(body, parseJsonPath(path) ?? []), expected));
  for (const path of ["", "$", "a..b", "a[", "a[x]", "]"])
    it(`"${path}" is no path`, () => assert.equal(parseJsonPath(path), null));
});
