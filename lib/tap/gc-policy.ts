/**
 * Whether speed or memory comes first. A tap that catches up makes garbage faster than it is collected sparingly; one
 * that has caught up has time, and holds the places of every group: its heap may grow by less before it is collected,
 * and with V8's switch for size its half-empty pages are compacted, a sixth of all it holds.
 */
import { setFlagsFromString } from "node:v8";

/** records */
const FAR_BEHIND = 20_000;
const CAUGHT_UP_FOR_MS = 10_000;
// How much a heap may grow before all of it is collected: 100 is the process's own (package.json). Left to V8 it
// becomes several times as large, for a rate 4 % higher.
const FLAGS = {
  thrifty: ["--optimize-for-size", "--heap-growing-percent=30"],
  lavish: ["--no-optimize-for-size", "--heap-growing-percent=100"],
} as const;

export class GcPolicy {
  readonly #setFlag: (flag: string) => void;
  #caughtUpAtMs: number | null = null;
  #isOn = false;

  constructor(setFlag: (flag: string) => void = setFlagsFromString) {
    this.#setFlag = setFlag;
  }

  /** To be told every few seconds how many records are yet to be read. V8 looks at its flags whenever it collects. */
  update(behind: number, nowMs: number): void {
    if (behind > FAR_BEHIND) this.#caughtUpAtMs = null;
    else this.#caughtUpAtMs ??= nowMs;
    const isOn = this.#caughtUpAtMs !== null && nowMs - this.#caughtUpAtMs >= CAUGHT_UP_FOR_MS;
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    for (const flag of isOn ? FLAGS.thrifty : FLAGS.lavish) this.#setFlag(flag);
  }
}
