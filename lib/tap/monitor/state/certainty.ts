/**
 * After a start, or when the broker is back, there may be commits that were not read yet: until then no new status is
 * reported.
 */
const UNCERTAIN_MS = 15_000;

export class Certainty {
  #uncertainUntilMs: number;
  #knownSinceMs = 0;
  #isOut = false;

  constructor(startedAtMs: number) {
    this.#uncertainUntilMs = startedAtMs + UNCERTAIN_MS;
  }

  /** The broker does not answer. */
  beginOutage(): void {
    this.#isOut = true;
  }

  /** The broker has answered. `knownSinceMs`: since when it has done so without an outage; 0: since the start. */
  at(nowMs: number): { readonly isCertain: boolean; readonly knownSinceMs: number } {
    if (this.#isOut) {
      this.#isOut = false;
      this.#uncertainUntilMs = nowMs + UNCERTAIN_MS;
      this.#knownSinceMs = nowMs;
    }
    return { isCertain: nowMs >= this.#uncertainUntilMs, knownSinceMs: this.#knownSinceMs };
  }
}
