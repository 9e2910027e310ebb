/**
 * Chooses between speed and memory for V8's garbage collector. While a tap catches up it makes much garbage, and
 * collecting rarely is faster. Once it has caught up there is time, and most of the heap is the long-lived state of
 * every group: then the heap may grow by less before it is collected, and V8's `--optimize-for-size` compacts
 * half-empty pages, which were a sixth of the heap when this was measured.
 */
import { setFlagsFromString } from "node:v8";

/** records */
const FAR_BEHIND = 20_000;
const CAUGHT_UP_FOR_MS = 10_000;
// By how many percent the heap may grow before all of it is collected. 100 is what the process starts with
// (package.json). Without a limit the heap becomes several times as large, and reading only 4 % faster.
const FLAGS = {
  memory: ["--optimize-for-size", "--heap-growing-percent=30"],
  speed: ["--no-optimize-for-size", "--heap-growing-percent=100"],
} as const;

export class GcPolicy {
  readonly #setFlag: (flag: string) => void;
  #caughtUpAtMs: number | null = null;
  #savesMemory = false;

  constructor(setFlag: (flag: string) => void = setFlagsFromString) {
    this.#setFlag = setFlag;
  }

  /**
   * To be called every few seconds with the number of records not read yet. V8 reads the flags at each collection, so
   * they can be changed while the process runs.
   */
  update(behind: number, nowMs: number): void {
    if (behind > FAR_BEHIND) this.#caughtUpAtMs = null;
    else this.#caughtUpAtMs ??= nowMs;
    const savesMemory = this.#caughtUpAtMs !== null && nowMs - this.#caughtUpAtMs >= CAUGHT_UP_FOR_MS;
    if (savesMemory === this.#savesMemory) return;
    this.#savesMemory = savesMemory;
    for (const flag of savesMemory ? FLAGS.memory : FLAGS.speed) this.#setFlag(flag);
  }
}
