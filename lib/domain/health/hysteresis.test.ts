import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { nothingReported, steady, type Holding, type Steady } from "./hysteresis.ts";

const HOLDING: Holding = { openAfterMs: 10_000, closeAfterMs: 20_000, anyName: true };
type Name = "warning" | "stopped";
/** A look each five seconds: `w`arning, `s`topped or `.` nothing. */
function play(looks: string, holding: Holding = HOLDING): string {
  let state: Steady<Name> = nothingReported(0);
  return [...looks]
    .map((look, i) => {
      state = steady<Name>(state, look === "w" ? "warning" : look === "s" ? "stopped" : null, i * 5000, holding);
      return state.said === null ? "." : state.said.slice(0, 1);
    })
    .join("");
}

describe("steady", () => {
  const cases: readonly [name: string, looks: string, said: string, holding?: Holding][] = [
    ["nothing is wrong", ".....", "....."],
    ["what holds for a moment is not said", "..w.w.w..", "........."],
    ["what holds for ten seconds is said", ".wwww", "...ww"],
    ["trouble that changes its name is one stretch of trouble", ".wswww", "...www"],
    ["unless names matter: then each must hold for itself", ".wsss", "....s", { ...HOLDING, anyName: false }],
    ["a moment without trouble ends nothing", "www.w..w", "..wwwwww"],
    ["twenty seconds without do", "www.....", "..wwwww."],
    ["another trouble takes its place when it has held", "wwwssss", "..wwwss"],
    ["and does not when it flickers", "wwwswsws", "..wwwwww"],
  ];
  for (const [name, looks, said, holding] of cases)
    it(name, () => {
      assert.equal(play(looks, holding), said);
    });

  it("remembers since when it holds, not since when it was said", () => {
    let state: Steady<Name> = nothingReported(0);
    for (const atMs of [1000, 6000, 11_000]) state = steady<Name>(state, "stopped", atMs, HOLDING);
    assert.deepEqual(state, { said: "stopped", saidSinceMs: 1000, other: null });
  });

  it("never changes its mind sooner than it must hold, whatever is seen", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            gap: fc.integer({ min: 1, max: 9000 }),
            seen: fc.constantFrom<Name | null>("warning", "stopped", null),
          }),
          { maxLength: 200 },
        ),
        (looks) => {
          let state: Steady<Name> = nothingReported(0);
          let atMs = 0;
          let changedAt = -Infinity;
          for (const { gap, seen } of looks) {
            const before = state.said;
            state = steady<Name>(state, seen, (atMs += gap), HOLDING);
            if (state.said === before) continue;
            assert.ok(atMs - changedAt >= HOLDING.openAfterMs);
            changedAt = atMs;
          }
        },
      ),
    );
  });
});
