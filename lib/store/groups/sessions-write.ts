/** When members joined and left their groups. On the connection that holds the inspector's lock. */
import type pg from "pg";
import { assignmentJson, type GroupMember } from "./members-write.ts";

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
