/**
 * What happened to groups lately, as far as causes depend on it, and the events of commits that jumped. On the
 * connection that holds the lock.
 */
import type pg from "pg";
import type { GroupEvent } from "#lib/domain/health/log/situation.ts";

const MOST_EVENTS = 50_000;
const KINDS: readonly string[] = ["rebalance", "joined", "left", "deploy", "emptied"] satisfies GroupEvent["kind"][];

/** Of each group, oldest first. */
export async function readRecentGroupEvents(
  client: pg.Client,
  clusterId: number,
  sinceMs: number,
): Promise<Map<number, GroupEvent[]>> {
  const { rows } = await client.query<{
    group_id: number;
    kind: GroupEvent["kind"];
    ms: number;
    times: number | null;
    clients: (string | null)[] | null;
  }>(
    `
      SELECT m.group_id, m.kind, round(extract(epoch FROM m.at) * 1000)::float8 AS ms,
        CASE WHEN jsonb_typeof(m.detail->'count') = 'number' THEN (m.detail->>'count')::float8::int END AS times,
        CASE
          WHEN jsonb_typeof(m.detail->'who') = 'array'
            THEN ARRAY(SELECT w->>'clientId' FROM jsonb_array_elements(m.detail->'who') w)
        END AS clients
      FROM group_events m
      JOIN consumer_groups g ON g.id = m.group_id AND g.cluster_id = $1
      WHERE m.at > to_timestamp($2::float8 / 1000) AND m.kind = ANY($3)
      ORDER BY m.at
      LIMIT $4`,
    [clusterId, sinceMs, KINDS, MOST_EVENTS],
  );
  const events = new Map<number, GroupEvent[]>();
  for (const { group_id, kind, ms, times, clients } of rows) {
    const own = events.get(group_id) ?? [];
    if (clients === null || clients.length === 0) own.push({ kind, atMs: ms, clientId: null, times: times ?? 1 });
    // Of many members that came at once only some are named.
    else
      clients.forEach((clientId, i) =>
        own.push({
          kind,
          atMs: ms,
          clientId,
          times: i === 0 ? Math.max(1, (times ?? clients.length) - clients.length + 1) : 1,
        }),
      );
    events.set(group_id, own);
  }
  return events;
}

export interface LastLeftMember {
  readonly groupId: number;
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly atMs: number;
}

/** The member that left each of these groups last. */
export async function readLastLeft(client: pg.Client, groupIds: readonly number[]): Promise<LastLeftMember[]> {
  if (groupIds.length === 0) return [];
  const { rows } = await client.query<{
    group_id: number;
    member_id: string;
    client_id: string;
    host: string;
    ms: number;
  }>(
    `
      SELECT w.group_id, s.member_id, s.client_id, s.host,
        round(extract(epoch FROM s.left_at) * 1000)::float8 AS ms
      FROM unnest($1::int[]) AS w(group_id)
      CROSS JOIN LATERAL (
        SELECT *
        FROM member_sessions s
        WHERE s.group_id = w.group_id AND s.left_at IS NOT NULL
        ORDER BY s.left_at DESC
        LIMIT 1
      ) s`,
    [groupIds],
  );
  return rows.map((row) => ({
    groupId: row.group_id,
    memberId: row.member_id,
    clientId: row.client_id,
    host: row.host,
    atMs: row.ms,
  }));
}

/** Since when groups have no members. */
export async function readEmptySince(client: pg.Client, clusterId: number): Promise<Map<number, number>> {
  const { rows } = await client.query<{ id: number; ms: number }>(
    `
      SELECT id, round(extract(epoch FROM empty_since) * 1000)::float8 AS ms
      FROM consumer_groups
      WHERE cluster_id = $1 AND gone_at IS NULL AND empty_since IS NOT NULL`,
    [clusterId],
  );
  return new Map(rows.map((row) => [row.id, row.ms]));
}

/**
 * How many members each group had at a moment, from the commit log of classic groups; null: not known. In the order
 * asked.
 */
export async function countMembersAt(
  client: pg.Client,
  moments: readonly { readonly groupId: number; readonly atMs: number }[],
): Promise<(number | null)[]> {
  if (moments.length === 0) return [];
  const { rows } = await client.query<{ members: number | null }>(
    `
      SELECT m.members
      FROM unnest($1::int[], $2::float8[]) WITH ORDINALITY AS w(group_id, ms, ordinal)
      LEFT JOIN LATERAL (
        SELECT (detail->>'members')::int AS members
        FROM group_events k
        WHERE k.group_id = w.group_id
          AND k.kind = 'rebalance'
          AND k.detail->>'protocol' = 'classic'
          AND k.at <= to_timestamp(w.ms / 1000)
        ORDER BY k.at DESC, k.id DESC
        LIMIT 1
      ) m ON true
      ORDER BY w.ordinal`,
    [moments.map((m) => m.groupId), moments.map((m) => m.atMs)],
  );
  return rows.map((row) => row.members);
}
