import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { maskVolatile } from "./mask.ts";

describe("maskVolatile", () => {
  for (const [text, expected] of [
    ["order 5b2f6c1e-5b1c-4a1e-9a55-1c2d3e4f5a6b not found", "order <uuid> not found"],
    ["connect 10.0.0.12:5432 refused", "connect <ip> refused"],
    ["took 1,234.5 ms of 17", "took <n> ms of <n>"],
    ["at 2024-05-06T07:08:09.123Z", "at <n>T<n>Z"],
    ["hash deadbeef01 at 0x7fff12", "hash <hex> at <hex>"],
    ["trace 0af7651916cd43dd8448eb211c80319c", "trace <hex>"],
    ["customer 'cust-77' and \"o_9\"", "customer '<id>' and \"<id>\""],
    ["column \"name\" can't be null, isn't 1", "column \"name\" can't be null, isn't <n>"],
    ["order1234 for cust-77", "order<n> for cust-<n>"],
    ["token a1B2z3D4", "token <id>"],
    ["com.acme.Order@1b2c3d", "com.acme.Order@<hex>"],
    ["com.acme.Order@12ab3", "com.acme.Order@<hex>"],
    ["com.acme.Order@7654321", "com.acme.Order@<hex>"],
    ["com.acme.Order@abcdef", "com.acme.Order@<hex>"],
    ["Handler$$Lambda$14/0x0000000800c03000@7a3f", "Handler$$Lambda$<n>/<hex>@<hex>"],
    ["to ada@cafe.example", "to ada@cafe.example"],
    ["decade facade", "decade facade"],
    ["", ""],
  ] as const)
    it(`${text} → ${expected}`, () => assert.equal(maskVolatile(text), expected));

  it("masks every digit of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) =>
        assert.ok(!/[0-9]/.test(maskVolatile(text))),
      ),
    );
  });
  it("masks every digit of a masked text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab19-.:'\" x"), maxLength: 60 }), (text) =>
        assert.ok(!/[0-9]/.test(maskVolatile(maskVolatile(text)))),
      ),
    );
  });
});
