import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlags } from "./flags.ts";

const NONE = { fresh: false, check: false, traffic: true, port: null };
const ROWS: readonly [args: string[], expected: object | RegExp][] = [
  [[], NONE],
  [["--fresh", "--check"], { ...NONE, fresh: true, check: true }],
  [["--port", "8080"], { ...NONE, port: 8080 }],
  [["--port=8080", "--no-traffic"], { ...NONE, port: 8080, traffic: false }],
  [["--port", "http"], /--port must be a number/],
  [["--port", "70000"], /--port must be a number/],
  [["--frech"], /--frech/],
];

describe("demo flags", () => {
  for (const [args, expected] of ROWS) {
    it(args.join(" ") || "(none)", () => {
      const read = readFlags(args);
      if (expected instanceof RegExp) assert.match(read.ok ? "" : read.error, expected);
      else assert.deepEqual(read.ok && read.value, expected);
    });
  }
});
