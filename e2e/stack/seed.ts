/**
 * The seed of every random choice that a test makes. `npm test` gives one to all its files and prints it;
 * FLOWTAP_TEST_SEED repeats it.
 */
import { randomInt } from "node:crypto";

const LARGEST = 2 ** 31;

/** An integer in [0, 2³¹), as fast-check takes one. */
export const SEED: number = seedFrom(process.env["FLOWTAP_TEST_SEED"]);

export function seedFrom(given: string | undefined): number {
  if (given === undefined || given === "") return randomInt(LARGEST);
  const seed = Number(given);
  if (!Number.isInteger(seed) || seed < 0 || seed >= LARGEST)
    throw new Error(`FLOWTAP_TEST_SEED must be a whole number from 0 to ${LARGEST - 1}, not ${given}`);
  return seed;
}

/**
 * Numbers in [0, 1), each time the same for one seed and name (mulberry32). A name of its own keeps a test's numbers
 * the same whichever tests run before it. `report` is a test's `diagnostic`.
 */
export function openRandom(name: string, report: (line: string) => void, seed = SEED): () => number {
  report(`${name}: repeat with FLOWTAP_TEST_SEED=${seed}`);
  let state = seed;
  for (const character of name) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
