/**
 * Gap-free work lists. Rows carry the id of the transaction that wrote them; those below every running transaction can
 * all be seen and none will be added, so a cursor over (xid) skips nothing, however late a transaction commits. The
 * cursor moves in the transaction of the results.
 */
import type pg from "pg";

export interface CorrelationCursor {
  /** everything below was worked through */
  readonly xid: bigint;
  /** of the last row worked through, to leave old partitions alone */
  readonly storedAtMs: number;
}

/** A database restored elsewhere counts its transactions anew: a cursor ahead of them all begins where they are. */
export async function readCursor(client: pg.Client, name: string): Promise<CorrelationCursor> {
  const { rows } = await client.query<{ xid: string | null; ms: number | null }>(
    `
      SELECT least((value->>'xid')::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint)::text AS xid,
        (value->>'storedAtMs')::float8 AS ms
      FROM cursors
      WHERE name = $1`,
    [name],
  );
  return { xid: BigInt(rows[0]?.xid ?? "0"), storedAtMs: rows[0]?.ms ?? 0 };
}

export async function moveCursor(
  client: pg.Client,
  name: string,
  { xid, storedAtMs }: CorrelationCursor,
): Promise<void> {
  await client.query(
    `
      INSERT INTO cursors (name, value, updated_at)
      VALUES ($1, $2, now())
      ON CONFLICT (name) DO UPDATE
      SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at`,
    [name, JSON.stringify({ xid: String(xid), storedAtMs })],
  );
}

/**
 * Where the next window may end: below every running transaction, and below any row younger than `ripeAfterMs`, so that
 * the other partitions' events of the same moment are there. Answers the cursor's place again when nothing is ripe.
 */
export async function readUpperBound(
  client: pg.Client,
  table: "event_batches" | "group_commits",
  from: CorrelationCursor,
  ripeAfterMs: number,
): Promise<bigint> {
  const { rows } = await client.query<{ horizon: string; young: string | null }>(
    `
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
        (
          SELECT min(xid)::text
          FROM ${table}
          WHERE xid >= $1 AND stored_at > clock_timestamp() - $2::float8 * interval '1 millisecond'
        ) AS young`,
    [from.xid, ripeAfterMs],
  );
  const horizon = BigInt(rows[0]?.horizon ?? "0");
  const young = rows[0]?.young === null || rows[0]?.young === undefined ? horizon : BigInt(rows[0].young);
  return young < horizon ? young : horizon;
}

/**
 * Flushes take seconds, and the cursor cannot pass a running one: no row this much older than the last
 * is still to come.
 */
export const LATE_BY_MS = 10 * 60_000;

/**
 * Cuts a list that reached its limit at the last transaction that is surely whole; answers where the
 * next window begins.
 */
export function cutAtTransaction<R extends { readonly xid: bigint }>(
  rows: readonly R[],
  limit: number,
  upTo: bigint,
): { readonly rows: readonly R[]; readonly next: bigint } {
  const last = rows.at(-1);
  if (rows.length < limit || last === undefined) return { rows, next: upTo };
  const whole = rows.filter((row) => row.xid < last.xid);
  // One transaction fills the window: there is no smaller piece.
  return whole.length === 0 ? { rows, next: last.xid + 1n } : { rows: whole, next: last.xid };
}
