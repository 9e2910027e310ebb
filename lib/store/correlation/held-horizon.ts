/**
 * Correlation works below every running transaction (window.ts), and Postgres counts those of all databases of a
 * server: one that somebody left open anywhere holds it back. It cannot be ended here, but it can be named.
 */
import type pg from "pg";

const HELD_AFTER_MS = 15_000;

interface HorizonRow {
  readonly horizon: string;
  readonly running: boolean;
}
interface HolderRow {
  readonly who: string;
  /** null: this role may not see it */
  readonly since: string | null;
  readonly end: string;
}

export class HeldHorizon {
  readonly #client: pg.Client;
  readonly #now: () => number;
  #horizon = "";
  #sinceMs = 0;

  constructor(client: pg.Client, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#now = now;
  }

  /** What has held the horizon for a while, and how to end it, in a sentence without a full stop; null: nothing. */
  async reason(): Promise<string | null> {
    const { rows } = await this.#client.query<HorizonRow>(`
      SELECT pg_snapshot_xmin(s)::text AS horizon, pg_snapshot_xmin(s) < pg_snapshot_xmax(s) AS running
      FROM pg_current_snapshot() s`);
    const { horizon, running } = rows[0] ?? { horizon: "", running: false };
    if (horizon !== this.#horizon || !running) {
      this.#horizon = horizon;
      this.#sinceMs = this.#now();
      return null;
    }
    return this.#now() - this.#sinceMs < HELD_AFTER_MS ? null : describe(await this.#holder());
  }

  async #holder(): Promise<HolderRow | undefined> {
    const { rows } = await this.#client.query<HolderRow>(
      `
        SELECT format('of %s in the database %s%s', coalesce(nullif(application_name, ''), usename, 'somebody'),
            datname, coalesce(' (' || state || ')', '')) AS who,
          to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS since,
          format('SELECT pg_terminate_backend(%s)', pid) AS end
        FROM pg_stat_activity
        WHERE backend_xid = $1::xid8::xid
        UNION ALL
        SELECT format('that %s prepared in the database %s', owner, database),
          to_char(prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), format('ROLLBACK PREPARED %L', gid)
        FROM pg_prepared_xacts
        WHERE transaction = $1::xid8::xid
        LIMIT 1`,
      [this.#horizon],
    );
    return rows[0];
  }
}

const describe = (holder: HolderRow | undefined): string =>
  holder === undefined
    ? "A transaction on this Postgres server has been open for a while, and this role may not see whose it is " +
      "(GRANT pg_monitor lets it). Flowtap waits until it ends"
    : `A transaction ${holder.who}, open ${holder.since === null ? "for a while" : `since ${holder.since} UTC`}, ` +
      "holds the whole server's horizon. " +
      `Flowtap waits until it ends; ${holder.end} ends it`;
