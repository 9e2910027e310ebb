import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { openRandom, SEED, seedFrom } from "#e2e/stack/seed.ts";

const silent = () => undefined;
const first = (count: number, random: () => number) => Array.from({ length: count }, random);

describe("seed", () => {
  it("is the one given, else a fresh one", () => {
    assert.equal(seedFrom("7"), 7);
    assert.equal(Number.isInteger(seedFrom(undefined)), true);
    assert.throws(() => seedFrom("seven"), /FLOWTAP_TEST_SEED must be a whole number/);
  });

  it("gives the same numbers for the same name, and others for another", () => {
    const numbers = first(1000, openRandom("kills", silent, 7));
    assert.deepEqual(numbers, first(1000, openRandom("kills", silent, 7)));
    assert.notDeepEqual(numbers, first(1000, openRandom("other", silent, 7)));
    assert.notDeepEqual(numbers, first(1000, openRandom("kills", silent, 8)));
  });

  it("gives numbers all over [0, 1)", () => {
    const numbers = first(1000, openRandom("spread", silent, 7));
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    for (let tenth = 0; tenth < 10; tenth++)
      assert.ok(
        numbers.some((number) => Math.floor(number * 10) === tenth),
        `${tenth}`,
      );
  });

  it("says how to repeat the run", () => {
    const lines: string[] = [];
    openRandom("kills", (line) => lines.push(line), 7);
    assert.deepEqual(lines, ["kills: repeat with FLOWTAP_TEST_SEED=7"]);
  });

  it("is fast-check's too", () => assert.equal(fc.readConfigureGlobal().seed, SEED));
});
