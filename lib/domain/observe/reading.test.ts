import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conversationIdOf } from "../message/trace.ts";

describe("conversation ids", () => {
  it("are the same for every notation of a UUID", () => {
    const hex = "5b2f6c1e5b1c4a1e9a551c2d3e4f5a6b";
    for (const text of [
      hex,
      hex.toUpperCase(),
      "5b2f6c1e-5b1c-4a1e-9a55-1c2d3e4f5a6b",
      "{5B2F6C1E-5B1C-4A1E-9A55-1C2D3E4F5A6B}",
    ])
      assert.equal(conversationIdOf(text), hex);
  });
  it("are a hash of any other text, and depend on its case", () =>
    assert.notEqual(conversationIdOf("Order-1"), conversationIdOf("order-1")));
});
