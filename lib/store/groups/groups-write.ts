/**
 * What the broker says of groups and their members, as last asked. All inside the caller's transaction, on the
 * connection that holds the lock.
 */
import type pg from "pg";

export interface GroupRow {
  readonly info: {
    readonly group: string;
    readonly protocol: string;
    readonly state: string;
    readonly coordinator: string | null;
    readonly generation: number | null;
    readonly members: readonly unknown[];
  };
  /** since when it has no members, where that is known better than from the last poll */
  readonly emptySinceMs: number | null;
  readonly service: string | null;
  readonly serviceKnownBy: "declared" | "inferred" | null;
}

/** The groups the broker had when it was last looked at: their ids by name. */
export async function readGroupIds(client: pg.Client, clusterId: number): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; name: string }>(
    "SELECT id, name FROM consumer_groups WHERE cluster_id = $1 AND gone_at IS NULL",
    [clusterId],
  );
  return new Map(rows.map((row) => [row.name, row.id]));
}

/** Takes these groups in, each at most once. Answers their ids by name. */
export async function writeGroups(
  client: pg.Client,
  clusterId: number,
  groups: readonly GroupRow[],
): Promise<Map<string, number>> {
  if (groups.length === 0) return new Map();
  const declared = [
    ...new Set(
      groups.flatMap((group) => (group.serviceKnownBy === "declared" && group.service !== null ? [group.service] : [])),
    ),
  ];
  // A configured service may never have published anything.
  if (declared.length > 0)
    await client.query("INSERT INTO services (name) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING", [
      declared,
    ]);
  const { rows } = await client.query<{ id: number; name: string }>(
    `
      INSERT INTO consumer_groups AS g (
        cluster_id, name, protocol, state, member_count, coordinator, generation, empty_since, service_id,
        service_known_by
      )
      SELECT $1, u.name, u.protocol, u.state, u.members, u.coordinator, u.generation,
        to_timestamp(u.empty_ms / 1000.0), s.id, CASE WHEN s.id IS NOT NULL THEN u.known_by END
      FROM unnest(
        $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::int[], $8::float8[], $9::text[],
        $10::text[]
      ) AS u(name, protocol, state, members, coordinator, generation, empty_ms, service, known_by)
      LEFT JOIN services s ON s.name = u.service
      ORDER BY u.name
      ON CONFLICT (cluster_id, name) DO UPDATE
      SET protocol = EXCLUDED.protocol,
        state = EXCLUDED.state,
        member_count = EXCLUDED.member_count,
        coordinator = EXCLUDED.coordinator,
        generation = coalesce(EXCLUDED.generation, g.generation),
        service_id = EXCLUDED.service_id,
        service_known_by = EXCLUDED.service_known_by,
        gone_at = NULL,
        empty_since = CASE
          WHEN EXCLUDED.member_count > 0 THEN NULL
          WHEN EXCLUDED.empty_since IS NOT NULL THEN EXCLUDED.empty_since
          WHEN g.member_count > 0 THEN now()
          ELSE g.empty_since
        END
      RETURNING g.id, g.name`,
    [
      clusterId,
      groups.map(({ info }) => info.group),
      groups.map(({ info }) => info.protocol),
      groups.map(({ info }) => info.state),
      groups.map(({ info }) => info.members.length),
      groups.map(({ info }) => info.coordinator),
      groups.map(({ info }) => info.generation),
      groups.map((g) => (g.info.members.length > 0 ? null : g.emptySinceMs)),
      groups.map((g) => g.service),
      groups.map((g) => g.serviceKnownBy),
    ],
  );
  return new Map(rows.map((row) => [row.name, row.id]));
}

/**
 * Groups the broker no longer has keep their history and are marked gone. Answers the ids of those that were not yet.
 */
export async function markGoneGroups(
  client: pg.Client,
  clusterId: number,
  present: readonly string[],
): Promise<number[]> {
  // One that only the commit log has named yet may come to the broker's list in a moment.
  const { rows } = await client.query<{ id: number }>(
    `
      UPDATE consumer_groups g
      SET gone_at = now(), member_count = 0, state = 'dead'
      WHERE cluster_id = $1
        AND gone_at IS NULL
        AND first_seen_at < now() - interval '30 seconds'
        AND NOT EXISTS (SELECT 1 FROM unnest($2::text[]) AS u(name) WHERE u.name = g.name)
      RETURNING id`,
    [clusterId, present],
  );
  return rows.map(({ id }) => id);
}
