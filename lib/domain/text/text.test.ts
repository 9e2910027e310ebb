import assert from "node:assert/strict";
import fc from "#e2e/stack/property.ts";
import { describe, it } from "node:test";
import { bytes } from "../message/a-record.test-data.ts";
import { decodeBounded, cutText } from "./text.ts";

describe("bounded text", () => {
  it("is never cut within a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 4, max: 20 }), (text, max) => {
        const cut = decodeBounded(bytes(text), max);
        assert.ok(bytes(cut).length <= max);
        assert.ok(text.replace(/^\ufeff/, "").startsWith(cut.replace(/^\ufeff/, "")));
        assert.ok(cutText(text, max).isWellFormed());
      }),
    );
  });
});
