import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Certainty } from "./certainty.ts";

describe("Certainty", () => {
  it("is uncertain for a while after the start", () => {
    const certainty = new Certainty(1000);
    assert.deepEqual(certainty.at(15_999), { isCertain: false, knownSinceMs: 0 });
    assert.deepEqual(certainty.at(16_000), { isCertain: true, knownSinceMs: 0 });
  });

  it("is uncertain again from the first answer after an outage, and knows since when the broker answers", () => {
    const certainty = new Certainty(0);
    certainty.beginOutage();
    assert.deepEqual(certainty.at(60_000), { isCertain: false, knownSinceMs: 60_000 });
    assert.deepEqual(certainty.at(70_000), { isCertain: false, knownSinceMs: 60_000 });
    assert.deepEqual(certainty.at(75_000), { isCertain: true, knownSinceMs: 60_000 });
  });
});
