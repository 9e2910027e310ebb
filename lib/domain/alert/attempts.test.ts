import assert from "node:assert/strict";
import fc from "#e2e/stack/property.ts";
import { describe, it } from "node:test";
import { NOW } from "./a-status.test-data.ts";
import { pauseAfter, readHttpStatus, readRetryAfter } from "./attempts.ts";

describe("attempts", () => {
  it("wait ever longer, never longer than a quarter of an hour, and never shorter than asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.option(fc.integer({ min: 0, max: 10000000 })),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, asked, chance) => {
          const pause = pauseAfter(attempts, asked, chance);
          assert.ok(
            pause >= 1000 &&
              pause >= Math.min(asked ?? 0, 3600000) &&
              pause <= Math.max(900000, Math.min(asked ?? 0, 3600000)),
          );
        },
      ),
    );
    assert.deepEqual(
      [1, 2, 3, 20].map((attempts) => pauseAfter(attempts, null, 0)),
      [1000, 2000, 4000, 450000],
    );
  });
  for (const [status, outcome] of [
    [200, "sent"],
    [202, "sent"],
    [204, "sent"],
    [301, "refused"],
    [400, "refused"],
    [401, "refused"],
    [404, "refused"],
    [410, "refused"],
    [408, "again"],
    [429, "again"],
    [500, "again"],
    [503, "again"],
  ] as const) {
    it(`${status}: ${outcome}`, () => assert.equal(readHttpStatus(status), outcome));
  }
  for (const [header, expected] of [
    [null, null],
    ["7", 7000],
    [new Date(NOW + 5000).toUTCString(), 5000],
    [new Date(NOW - 5000).toUTCString(), 0],
    ["soon", null],
  ] as const) {
    it(`Retry-After ${header}`, () => assert.equal(readRetryAfter(header, NOW), expected));
  }
});
