/** Notes that a piece of background work was done or is held up, for the pages. A note that fails is not missed. */
import type pg from "pg";
import { cutText, storableText } from "#lib/domain/text/text.ts";
import { writeDone, writeHeldUp, type WorkName } from "#lib/store/background-work.ts";

const DONE_EVERY_MS = 5000;
const MOST_REASON_CHARS = 500;

export class WorkNotes {
  readonly #pool: pg.Pool;
  readonly #name: WorkName;
  #noteAtMs = 0;

  constructor(pool: pg.Pool, name: WorkName) {
    this.#pool = pool;
    this.#name = name;
  }

  /** `dueInMs`: when it is to be done again. */
  async done(dueInMs: number): Promise<void> {
    const nowMs = Date.now();
    if (nowMs < this.#noteAtMs) return;
    this.#noteAtMs = nowMs + DONE_EVERY_MS;
    await writeDone(this.#pool, this.#name, Math.max(dueInMs, DONE_EVERY_MS)).catch(() => undefined);
  }

  async heldUp(error: unknown): Promise<void> {
    this.#noteAtMs = 0;
    const reason = error instanceof Error ? error.message : String(error);
    await writeHeldUp(this.#pool, this.#name, storableText(cutText(reason, MOST_REASON_CHARS))).catch(() => undefined);
  }
}
