/**
 * The connection that holds a run's advisory lock. All that is written of a claimed run goes through it: losing the
 * lock means losing the connection, so that no process can write to a run that another one has claimed since.
 */
import type pg from "pg";
import type { Leadership } from "../db/leader-lock.ts";
import { inTransaction } from "../db/transaction.ts";

export class RunConnection {
  readonly runId: number;
  /** aborted when the connection, and so the lock, is gone */
  readonly lost: AbortSignal;
  readonly #leadership: Leadership;

  constructor(runId: number, leadership: Leadership) {
    this.runId = runId;
    this.lost = leadership.lost;
    this.#leadership = leadership;
  }

  get client(): pg.Client {
    return this.#leadership.client;
  }

  /** `$1` is always the run's id; `values` begin at `$2`. */
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string,
    ...values: readonly unknown[]
  ): Promise<pg.QueryResult<R>> {
    return this.client.query<R>(sql, [this.runId, ...values]);
  }

  /** One transaction, in which browsers are notified that the run has changed. */
  change<T>(work: () => Promise<T>): Promise<T> {
    return inTransaction(this.client, async () => {
      const result = await work();
      await this.client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "replay", id: this.runId })]);
      return result;
    });
  }

  /** Closing the connection is what gives the lock back. */
  release(): Promise<void> {
    return this.#leadership.release();
  }
}
