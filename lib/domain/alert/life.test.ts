import assert from "node:assert/strict";
import fc from "#e2e/stack/property.ts";
import { describe, it } from "node:test";
import { NOW } from "./a-status.test-data.ts";
import { nextLife, CLEAR_HOLD_MS, type AlertLife } from "./state.ts";

const FOR_MS = 60000;

/** Each character is five seconds: h holds, - does not, ? is not known. Answers one state for each. */
function live(holds: string, forMs = FOR_MS): string {
  let life: AlertLife | null = null;
  let states = "";
  [...holds].forEach((now, i) => {
    if (life?.state === "resolved") life = null;
    life = nextLife(life, now === "?" ? null : now === "h", forMs, NOW + i * 5000);
    states += life === null ? "." : life.state === "resolved" ? "R" : life.state === "firing" ? "F" : "p";
  });
  return states;
}

describe("the life of an alert", () => {
  const rows: readonly [why: string, holds: string, states: string, forMs?: number][] = [
    ["fires when it has held long enough", "hhhhhhhhhhhhhh", "ppppppppppppFF"],
    ["never fires when it stops before", "hhhhh-hhhhh---", "ppppp.ppppp..."],
    ["fires at once without a wait", "h", "F", 0],
    ["is over when it has not held for the hold", "h-------", "FFFFFFFR", 0],
    ["goes on through a flap shorter than the hold", "h-----h------", "FFFFFFFFFFFFF", 0],
    ["begins anew after it was over", "h-------h", "FFFFFFFRF", 0],
    ["stays as it is while nothing is known", "hh??????????????", "pppppppppppppppp"],
    ["does not end while nothing is known", "h????????????", "FFFFFFFFFFFFF", 0],
    ["does not begin while nothing is known", "???", "..."],
  ];
  for (const [why, holds, states, forMs] of rows)
    it(`${why}: ${holds}`, () => assert.equal(live(holds, forMs), states));

  it("fires only after the rule has held without a break, and ends only after a break of the hold", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 0, max: 60000 }), (holds, forMs) => {
        const states = live(holds.map((one) => (one ? "h" : "-")).join(""), forMs);
        const need = Math.ceil(forMs / 5000);
        [...states].forEach((state, i) => {
          const before = states[i - 1];
          if (state === "F" && before !== "F")
            assert.ok(holds.slice(Math.max(0, i - need), i + 1).every(Boolean) && i >= need);
          if (state === "R")
            assert.ok(holds.slice(i - CLEAR_HOLD_MS / 5000, i + 1).every((one) => !one) && before === "F");
          if (before === "F") assert.ok(state === "F" || state === "R");
        });
      }),
    );
  });
});
