import assert from "node:assert/strict";
import fc from "#e2e/stack/property.ts";
import { describe, it } from "node:test";
import { bigEndian, bytes } from "./a-record.test-data.ts";
import { integerOf, smallIntegerOf } from "./integers.ts";

describe("integerOf: bytes or text", () => {
  const table: readonly [
    why: string,
    value: Uint8Array | null,
    encoding: "binary" | "text",
    expected: bigint | null,
  ][] = [
    ["Spring's partition", bigEndian(3n, 4), "binary", 3n],
    ["Spring's offset", bigEndian(91204n, 8), "binary", 91204n],
    ["a negative offset", bigEndian(-1n, 8), "binary", -1n],
    ["one raw byte, as old Spring versions write attempts", new Uint8Array([3]), "binary", 3n],
    ["a backoff of minimal length", new Uint8Array([0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00]), "binary", 1700000000000n],
    ["text where binary was expected", bytes("42"), "binary", 42n],
    ["eight digits are text, not 3.5e18", bytes("12345678"), "binary", 12345678n],
    ["Connect's offset", bytes("91204"), "text", 91204n],
    ["a minus and digits", bytes("-1"), "text", -1n],
    ["binary where text was expected", bigEndian(7n, 8), "text", 7n],
    ["text that is no number", bytes("none"), "text", null],
    ["beyond int64", bytes("99999999999999999999"), "text", null],
    ["too long", new Uint8Array(9), "binary", null],
    ["empty", new Uint8Array(0), "binary", null],
    ["absent", null, "text", null],
  ];
  for (const [why, value, encoding, expected] of table)
    it(why, () => assert.equal(integerOf(value, encoding), expected));

  it("reads every int64 in both encodings", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
        assert.equal(integerOf(bytes(n.toString()), "text"), n);
        const binary = bigEndian(n, 8);
        if (!/^-?\d+$/.test(String.fromCharCode(...binary))) assert.equal(integerOf(binary, "binary"), n);
      }),
    );
  });
  it("is null beyond the range of exact numbers", () =>
    assert.equal(smallIntegerOf(bigEndian(2n ** 60n, 8), "binary"), null));
});
