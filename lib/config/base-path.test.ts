import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { basePathOf } from "./base-path.ts";

describe("basePathOf", () => {
  for (const [publicUrl, expected] of [
    [undefined, ""],
    ["https://flowtap.example.com", ""],
    ["https://flowtap.example.com/", ""],
    ["https://example.com/tools/flowtap", "/tools/flowtap"],
    ["https://example.com/flowtap//", "/flowtap"],
    ["https://example.com/a b", null],
    ["https://example.com//a", null],
    ["https://example.com/a%2Fb", null],
    ["https://example.com/a/../b", "/b"],
  ] as const)
    it(publicUrl ?? "none", () => assert.equal(basePathOf(publicUrl), expected));
});
