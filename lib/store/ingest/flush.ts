/** What one flush of the tap writes, in one transaction with the positions it moves. */
import type pg from "pg";

export interface PositionMove {
  readonly destinationId: number;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  /** where to begin after a restart; `to` itself unless transactions are open */
  readonly resumeFrom: bigint;
  /** of the leader that took the last record before `to`; -1: not known */
  readonly leaderEpoch: number;
}

/** The open transaction of a flush. Times are the database's, so the clocks of taps may differ. */
export interface Flush {
  readonly client: pg.PoolClient;
  readonly storedAtMs: number;
  readonly xid: string;
}

/** Another tap has moved a position of this flush meanwhile. Nothing of the flush was stored. */
export class PositionConflict extends Error {
  override readonly name = "PositionConflict";
}

const MOVE = `
  UPDATE tap_positions p
  SET next = u.next, resume_from = nullif(u.resume_from, u.next), leader_epoch = nullif(u.epoch, -1),
    stored_at = to_timestamp($5::bigint / 1000.0)
  FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $6::int[], $7::bigint[])
    AS u(destination_id, partition, expected, next, epoch, resume_from)
  WHERE p.destination_id = u.destination_id AND p.partition = u.partition AND p.next = u.expected`;

/**
 * Moves the positions and writes, in one transaction. Throws PositionConflict when a stored position differs from the
 * expected one.
 */
export async function inFlush(
  pool: pg.Pool,
  moves: readonly PositionMove[],
  write: (flush: Flush) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let usable = false;
  try {
    const storedAt = await begin(client);
    const { rowCount } = await client.query(MOVE, [
      moves.map((m) => m.destinationId),
      moves.map((m) => m.partition),
      moves.map((m) => m.from),
      moves.map((m) => m.to),
      storedAt.storedAtMs,
      moves.map((m) => m.leaderEpoch),
      moves.map((m) => m.resumeFrom),
    ]);
    if (rowCount !== moves.length) {
      await client.query("ROLLBACK");
      usable = true;
      throw new PositionConflict(
        `${moves.length - (rowCount ?? 0)} of ${moves.length} positions were moved by another tap`,
      );
    }
    await write({ client, ...storedAt });
    await client.query("COMMIT");
    usable = true;
  } finally {
    client.release(!usable);
  }
}

async function begin(client: pg.PoolClient): Promise<{ storedAtMs: number; xid: string }> {
  // pg answers several statements in one message with an array of results; its types do not say so.
  const results = (await client.query(
    `
      BEGIN;
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms,
        pg_current_xact_id()::text AS xid`,
  )) as unknown as pg.QueryResult<{ ms: number; xid: string }>[];
  const row = results[1]?.rows[0];
  if (row === undefined) throw new Error("Postgres did not answer its time");
  return { storedAtMs: row.ms, xid: row.xid };
}
