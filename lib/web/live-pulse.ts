/** The few figures that every page shows, as a text that is the same for all browsers. */
import type { Pulse } from "#lib/contracts/stream.ts";
import { getPulse } from "#lib/queries/pulse.ts";
import type { QueryDeps } from "#lib/queries/deps.ts";
import type { Logger } from "#lib/telemetry/log.ts";

const EVERY_MS = 200;
const AT_LEAST_EVERY_MS = 5000;
const FIGURES_EVERY_MS = 1000;
const NO_FIGURES: Pulse = {
  at: "",
  indexedThrough: null,
  eventsPerSecond: 0,
  errorsPerSecond: 0,
  tapBehind: 0,
  taps: 0,
  clusters: [],
  heldUp: [],
  counts: { groupsStuck: 0, groupsWarning: 0, failuresOpen: 0, replaysRunning: 0, alertsFiring: 0 },
  database: "connected",
};

export class LivePulse {
  readonly #queries: QueryDeps;
  readonly #log: Logger;
  #pulse: Pulse | null = null;
  #isDirty = true;
  #sentAtMs = 0;
  #figuresAtMs = 0;
  #indexedThroughMs = 0;
  #lastFailureId: bigint | null = null;

  constructor(queries: QueryDeps, log: Logger) {
    this.#queries = queries;
    this.#log = log;
  }

  /** Something has happened; `throughMs`: events are indexed up to there. */
  touch(throughMs?: number): void {
    this.#isDirty = true;
    if (throughMs !== undefined)
      this.#indexedThroughMs = Math.max(this.#indexedThroughMs, Math.min(throughMs, this.#queries.now()));
  }

  /** Reads the figures anew when it is time to. Answers whether there are new failures. */
  async refresh(nowMs: number): Promise<boolean> {
    const ageMs = nowMs - this.#figuresAtMs;
    if (ageMs < FIGURES_EVERY_MS || (!this.#isDirty && ageMs < AT_LEAST_EVERY_MS)) return false;
    this.#figuresAtMs = nowMs;
    try {
      const { pulse, lastFailureId } = await getPulse(this.#queries);
      const hasNewFailures = this.#lastFailureId !== null && lastFailureId !== this.#lastFailureId;
      this.#lastFailureId = lastFailureId;
      this.#pulse = pulse;
      return hasNewFailures;
    } catch (error) {
      this.#log.debug({ reason: String(error) }, "no figures for the pulse");
      this.#pulse = { ...(this.#pulse ?? NO_FIGURES), database: "unreachable" };
      return false;
    }
  }

  /** The pulse when it is due, else null. Between two readings of the figures only its clock and the index move. */
  takeDue(nowMs: number): string | null {
    const ageMs = nowMs - this.#sentAtMs;
    if (this.#pulse === null || !((this.#isDirty && ageMs >= EVERY_MS) || ageMs >= AT_LEAST_EVERY_MS)) return null;
    this.#isDirty = false;
    this.#sentAtMs = nowMs;
    const through = Math.max(this.#indexedThroughMs, Date.parse(this.#pulse.indexedThrough ?? "") || 0);
    this.#pulse = {
      ...this.#pulse,
      at: new Date(nowMs).toISOString(),
      indexedThrough: through === 0 ? null : new Date(through).toISOString(),
    };
    return JSON.stringify(this.#pulse);
  }
}
