/** What the taps do beside reading: when each was done, and since when and why it is not. */
import type pg from "pg";
import type { BackgroundWork } from "#lib/domain/health/background-work.ts";
import type { PrismaClient } from "./db/database.ts";
import { wordOf } from "./db/rows.ts";

/** A fault of one cycle passes. */
const HELD_AFTER_MS = 15_000;
/** Nobody has done it, nor said why: the process that does it may stand still. */
const OVERDUE_AFTER_MS = 60_000;

export interface WorkName {
  readonly kind: BackgroundWork;
  /** 0: of all clusters */
  readonly clusterId: number;
}

export async function writeDone(pool: pg.Pool, { kind, clusterId }: WorkName, dueInMs: number): Promise<void> {
  await pool.query(
    `
      INSERT INTO background_work AS w (kind, cluster_id, done_at, due_at)
      VALUES ($1, $2, clock_timestamp(), clock_timestamp() + $3::float8 * interval '1 millisecond')
      ON CONFLICT (kind, cluster_id) DO UPDATE
      SET done_at = EXCLUDED.done_at, due_at = EXCLUDED.due_at, held_since = NULL, reason = NULL`,
    [kind, clusterId, dueInMs],
  );
}

export async function writeHeldUp(pool: pg.Pool, { kind, clusterId }: WorkName, reason: string): Promise<void> {
  await pool.query(
    `
      INSERT INTO background_work AS w (kind, cluster_id, held_since, reason)
      VALUES ($1, $2, clock_timestamp(), $3)
      ON CONFLICT (kind, cluster_id) DO UPDATE
      SET held_since = coalesce(w.held_since, EXCLUDED.held_since), reason = EXCLUDED.reason`,
    [kind, clusterId, reason],
  );
}

export interface HeldUpWork {
  readonly kind: BackgroundWork;
  /** null: of all clusters */
  readonly cluster: string | null;
  readonly since: Date;
  /** null: nobody has said why */
  readonly reason: string | null;
}

/** Longest first. */
export async function readHeldUpWork(prisma: PrismaClient): Promise<HeldUpWork[]> {
  const rows = await prisma.$queryRaw<(Omit<HeldUpWork, "kind"> & { readonly kind: string })[]>`
    SELECT w.kind, c.name AS cluster, coalesce(w.held_since, w.due_at) AS since, w.reason
    FROM background_work w
    LEFT JOIN clusters c ON c.id = w.cluster_id
    WHERE (w.cluster_id = 0 OR c.id IS NOT NULL)
      AND (
        w.held_since < now() - ${HELD_AFTER_MS}::float8 * interval '1 millisecond'
        OR w.due_at < now() - ${OVERDUE_AFTER_MS}::float8 * interval '1 millisecond'
      )
    ORDER BY since, w.kind`;
  return rows.map((row) => ({ ...row, kind: wordOf("background_work.kind", row.kind) }));
}
