/**
 * What happened to groups and when: events, and the sessions of their members. On the connection that holds the
 * inspector's lock.
 */
import type pg from "pg";

export interface GroupEventRow {
  readonly groupId: number;
  readonly atMs: number;
  readonly kind: "rebalance" | "joined" | "left" | "deploy" | "emptied";
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function writeGroupEvents(client: pg.Client, rows: readonly GroupEventRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      INSERT INTO group_events (group_id, at, kind, detail)
      SELECT u.group_id, to_timestamp(u.ms / 1000.0), u.kind, u.detail
      FROM unnest($1::int[], $2::float8[], $3::text[], $4::jsonb[]) AS u(group_id, ms, kind, detail)`,
    [
      rows.map((r) => r.groupId),
      rows.map((r) => r.atMs),
      rows.map((r) => r.kind),
      rows.map((r) => JSON.stringify(r.detail)),
    ],
  );
}

export interface Generation {
  readonly eventId: bigint;
  readonly groupId: number;
  readonly generation: number;
  readonly members: number;
  readonly atMs: number;
}

/** Ids are given before their transactions end: an event that commits late has an id among so many before the last. */
const LATE_EVENTS = 1000;

/**
 * The last generation of each group in whose commit log a rebalance was found after this event; null: of all.
 */
export async function readGenerations(
  client: pg.Client,
  clusterId: number,
  afterEventId: bigint | null,
): Promise<Generation[]> {
  const { rows } = await client.query<{
    id: string;
    group_id: number;
    generation: number;
    members: number;
    ms: number;
  }>(
    `
      SELECT DISTINCT ON (m.group_id) m.id, m.group_id, (m.detail->>'generation')::int AS generation,
        (m.detail->>'members')::int AS members, round(extract(epoch FROM m.at) * 1000)::float8 AS ms
      FROM group_events m
      JOIN consumer_groups g ON g.id = m.group_id AND g.cluster_id = $1
      WHERE m.kind = 'rebalance'
        AND m.detail->>'protocol' = 'classic'
        AND m.detail->>'generation' IS NOT NULL
        AND m.id > $2
      ORDER BY m.group_id, m.at DESC, m.id DESC`,
    [clusterId, afterEventId === null ? 0n : afterEventId - BigInt(LATE_EVENTS)],
  );
  return rows.map((row) => ({
    eventId: BigInt(row.id),
    groupId: row.group_id,
    generation: row.generation,
    members: row.members,
    atMs: row.ms,
  }));
}

export interface JumpEvent {
  readonly groupId: number;
  readonly atMs: number;
  readonly kind: "rewound" | "skipped";
  /**
   * {topic, partitions, from, to, messages}: offsets of the partition that jumped furthest; `partition`
   * where it is only one
   */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A jump that is found again after a restart is not written again. */
export async function writeJumpEvents(client: pg.Client, rows: readonly JumpEvent[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      INSERT INTO group_events (group_id, at, kind, detail)
      SELECT u.group_id, to_timestamp(u.ms / 1000), u.kind, u.detail
      FROM unnest($1::int[], $2::float8[], $3::text[], $4::jsonb[]) AS u(group_id, ms, kind, detail)
      WHERE NOT EXISTS (
        SELECT 1
        FROM group_events m
        WHERE m.group_id = u.group_id AND m.kind = u.kind AND m.at >= to_timestamp(u.ms / 1000)
      )`,
    [
      rows.map((r) => r.groupId),
      rows.map((r) => r.atMs),
      rows.map((r) => r.kind),
      rows.map((r) => JSON.stringify(r.detail)),
    ],
  );
}
