/** Waits for Postgres: repeats work that failed, and reports the outage while it lasts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#lib/telemetry/log.ts";

const BACKOFF_MS = { first: 200, last: 2000 } as const;
const REPORT_EVERY_MS = 30_000;

interface PostgresOutageOptions {
  readonly log: Logger;
  /** records that wait to be stored, for the log */
  readonly waiting: () => number;
  /** gets the reason of an outage, and null once all work has succeeded again */
  readonly onOutage: ((reason: string | null) => void) | undefined;
}

export class PostgresOutage {
  readonly #options: PostgresOutageOptions;
  /** pieces of work that wait for Postgres */
  #failing = 0;
  #closed = false;

  constructor(options: PostgresOutageOptions) {
    this.#options = options;
  }

  /**
   * Repeats the work until it succeeds, however long the outage lasts. Resolves to null when it fails after `close`.
   */
  async wait<T>(work: () => Promise<T>): Promise<T | null> {
    const { log, waiting, onOutage } = this.#options;
    let backoffMs: number = BACKOFF_MS.first;
    let reportedAtMs: number | null = null;
    for (;;) {
      try {
        const result = await work();
        if (reportedAtMs !== null && --this.#failing === 0) onOutage?.(null);
        return result;
      } catch (error) {
        if (this.#closed) return null;
        if (reportedAtMs === null) this.#failing++;
        if (reportedAtMs === null || Date.now() - reportedAtMs > REPORT_EVERY_MS) {
          log.warn({ err: error, waiting: waiting() }, "storing has to wait; trying again");
          onOutage?.(error instanceof Error ? error.message : String(error));
          reportedAtMs = Date.now();
        }
        await sleep(backoffMs);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
      }
    }
  }

  close(): void {
    this.#closed = true;
  }
}
