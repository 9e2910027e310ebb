/**
 * What happened to groups and when: events, and the sessions of their members. On the connection that holds the
 * inspector's lock.
 */
import type pg from "pg";
import { assignmentJson, type GroupMember } from "./groups-write.ts";

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

export interface SessionMember extends GroupMember {
  readonly groupId: number;
}

/** The sessions of members that have joined and not left, as far as is known. */
export async function readOpenSessions(client: pg.Client, clusterId: number): Promise<SessionMember[]> {
  const { rows } = await client.query<{
    group_id: number;
    member_id: string;
    client_id: string;
    host: string;
    assignment: { topic: string; partitions: number[] }[];
  }>(
    `
      SELECT s.group_id, s.member_id, s.client_id, s.host, s.assignment
      FROM member_sessions s
      JOIN consumer_groups g ON g.id = s.group_id AND g.cluster_id = $1
      WHERE s.left_at IS NULL`,
    [clusterId],
  );
  return rows.map((row) => ({
    groupId: row.group_id,
    memberId: row.member_id,
    clientId: row.client_id,
    host: row.host,
    assignment: row.assignment.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
  }));
}

export interface SessionChanges {
  readonly joined: readonly SessionMember[];
  readonly left: readonly { readonly groupId: number; readonly memberId: string }[];
  /** with another assignment than before */
  readonly moved: readonly SessionMember[];
}

export async function writeSessions(
  client: pg.Client,
  { joined, left, moved }: SessionChanges,
  atMs: number,
): Promise<void> {
  if (left.length > 0) {
    await client.query(
      `
        UPDATE member_sessions s
        SET left_at = to_timestamp($1::float8 / 1000.0)
        FROM unnest($2::int[], $3::text[]) AS u(group_id, member_id)
        WHERE s.group_id = u.group_id AND s.member_id = u.member_id AND s.left_at IS NULL`,
      [atMs, left.map((r) => r.groupId), left.map((r) => r.memberId)],
    );
  }
  if (joined.length > 0) {
    await client.query(
      `
        INSERT INTO member_sessions (group_id, member_id, joined_at, client_id, host, assignment)
        SELECT u.group_id, u.member_id, to_timestamp($1::float8 / 1000.0), u.client_id, u.host, u.assignment
        FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
          AS u(group_id, member_id, client_id, host, assignment)
        ON CONFLICT DO NOTHING`,
      [
        atMs,
        joined.map((r) => r.groupId),
        joined.map((r) => r.memberId),
        joined.map((r) => r.clientId),
        joined.map((r) => r.host),
        joined.map((r) => assignmentJson(r.assignment)),
      ],
    );
  }
  if (moved.length > 0) {
    await client.query(
      `
        UPDATE member_sessions s
        SET assignment = u.assignment
        FROM unnest($1::int[], $2::text[], $3::jsonb[]) AS u(group_id, member_id, assignment)
        WHERE s.group_id = u.group_id AND s.member_id = u.member_id AND s.left_at IS NULL`,
      [moved.map((r) => r.groupId), moved.map((r) => r.memberId), moved.map((r) => assignmentJson(r.assignment))],
    );
  }
}

/** A group that is gone has no members any more. */
export async function endSessions(client: pg.Client, groupIds: readonly number[]): Promise<void> {
  if (groupIds.length > 0)
    await client.query("UPDATE member_sessions SET left_at = now() WHERE group_id = ANY($1) AND left_at IS NULL", [
      groupIds,
    ]);
}
