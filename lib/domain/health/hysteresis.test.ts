import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { nothingReported, steady, type Holding, type Steady } from "./hysteresis.ts";

const HOLDING: Holding = { openAfterMs: 10_000, closeAfterMs: 20_000, anyName: true };
type Name = "warning" | "stopped";
/** One observation each five seconds: `w`arning, `s`topped or `.` nothing. */
function play(observations: string, holding: Holding = HOLDING): string {
  let state: Steady<Name> = nothingReported(0);
  return [...observations]
    .map((one, i) => {
      state = steady<Name>(state, one === "w" ? "warning" : one === "s" ? "stopped" : null, i * 5000, holding);
      return state.reported === null ? "." : state.reported.slice(0, 1);
    })
    .join("");
}

describe("steady", () => {
  const cases: readonly [name: string, observations: string, reported: string, holding?: Holding][] = [
    ["nothing is wrong", ".....", "....."],
    ["what holds for a moment is not reported", "..w.w.w..", "........."],
    ["what holds for ten seconds is reported", ".wwww", "...ww"],
    ["trouble that changes its name is one stretch of trouble", ".wswww", "...www"],
    ["unless names matter: then each must hold for itself", ".wsss", "....s", { ...HOLDING, anyName: false }],
    ["a moment without trouble ends nothing", "www.w..w", "..wwwwww"],
    ["twenty seconds without do", "www.....", "..wwwww."],
    ["another trouble replaces it when it has held", "wwwssss", "..wwwss"],
    ["and does not when it flickers", "wwwswsws", "..wwwwww"],
  ];
  for (const [name, observations, reported, holding] of cases)
    it(name, () => {
      assert.equal(play(observations, holding), reported);
    });

  it("remembers since when it holds, not since when it was reported", () => {
    let state: Steady<Name> = nothingReported(0);
    for (const atMs of [1000, 6000, 11_000]) state = steady<Name>(state, "stopped", atMs, HOLDING);
    assert.deepEqual(state, { reported: "stopped", reportedSinceMs: 1000, pending: null });
  });

  it("never changes sooner than a trouble must hold, whatever is observed", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            gap: fc.integer({ min: 1, max: 9000 }),
            observed: fc.constantFrom<Name | null>("warning", "stopped", null),
          }),
          { maxLength: 200 },
        ),
        (observations) => {
          let state: Steady<Name> = nothingReported(0);
          let atMs = 0;
          let changedAt = -Infinity;
          for (const { gap, observed } of observations) {
            const before = state.reported;
            state = steady<Name>(state, observed, (atMs += gap), HOLDING);
            if (state.reported === before) continue;
            assert.ok(atMs - changedAt >= HOLDING.openAfterMs);
            changedAt = atMs;
          }
        },
      ),
    );
  });
});
