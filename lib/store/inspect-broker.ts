/** What the broker says of topics and groups, as last asked. All inside the caller's transaction, on the connection that holds the lock. */
import type pg from "pg";

interface TopicSettings {
  readonly cleanupPolicy: string | null;
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
}

interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly { readonly topic: string; readonly partition: number }[];
}

interface GroupInfo {
  readonly group: string;
  readonly protocol: string;
  readonly state: string;
  readonly coordinator: string | null;
  readonly members: readonly GroupMember[];
}

/** The ids of a cluster's destinations by name. */
export async function destinationsOf(client: pg.Client, clusterId: number): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; name: string }>("SELECT id, name FROM destinations WHERE cluster_id = $1", [clusterId]);
  return new Map(rows.map((row) => [row.name, row.id]));
}

export async function writeSettings(client: pg.Client, clusterId: number, settings: ReadonlyMap<string, TopicSettings>): Promise<void> {
  const rows = [...settings];
  await client.query(
    `UPDATE destinations d SET cleanup_policy = u.policy, retention_ms = u.ms, retention_bytes = u.bytes
     FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS u(name, policy, ms, bytes)
     WHERE d.cluster_id = $1 AND d.name = u.name AND (d.cleanup_policy, d.retention_ms, d.retention_bytes) IS DISTINCT FROM (u.policy, u.ms, u.bytes)`,
    [clusterId, rows.map(([name]) => name), rows.map(([, at]) => at.cleanupPolicy), rows.map(([, at]) => at.retentionMs), rows.map(([, at]) => at.retentionBytes)],
  );
}

/** Topics that are there no longer keep their history and are marked gone. */
export async function markGoneDestinations(client: pg.Client, clusterId: number, present: readonly string[]): Promise<void> {
  await client.query("UPDATE destinations SET gone_at = now() WHERE cluster_id = $1 AND gone_at IS NULL AND first_seen_at < now() - interval '10 seconds' AND name <> ALL($2)", [clusterId, present]);
}

/** The transaction that keeps the last stable offset where it is; what is not known of it is null. */
export interface Pin {
  /** since when the last stable offset stands still below the end */
  readonly sinceMs: number;
  readonly producerId: bigint | null;
  readonly producerEpoch: number | null;
  readonly transactionalId: string | null;
  readonly startedAtMs: number | null;
}

export interface OffsetsRow {
  readonly destinationId: number;
  readonly partition: number;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
  readonly leader: number | null;
  /** on the leader's disks; null: not told */
  readonly sizeBytes: bigint | null;
  readonly pinned: Pin | null;
}

export async function writeOffsets(client: pg.Client, rows: readonly OffsetsRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO partition_offsets (destination_id, partition, log_start_offset, end_offset, last_stable_offset, leader, observed_at)
     SELECT *, now() FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[])
     ON CONFLICT (destination_id, partition) DO UPDATE SET log_start_offset = EXCLUDED.log_start_offset, end_offset = EXCLUDED.end_offset,
       last_stable_offset = EXCLUDED.last_stable_offset, leader = EXCLUDED.leader, observed_at = EXCLUDED.observed_at`,
    [rows.map((r) => r.destinationId), rows.map((r) => r.partition), rows.map((r) => r.logStartOffset), rows.map((r) => r.endOffset), rows.map((r) => r.lastStableOffset), rows.map((r) => r.leader)],
  );
}

export interface GroupRow {
  readonly info: GroupInfo;
  readonly service: string | null;
  readonly serviceKnownBy: "declared" | "inferred" | null;
}

/** Takes the groups in, and marks as gone what the broker no longer has. Answers the ids by name. */
export async function writeGroups(client: pg.Client, clusterId: number, groups: readonly GroupRow[]): Promise<Map<string, number>> {
  const declared = [...new Set(groups.flatMap((group) => (group.serviceKnownBy === "declared" && group.service !== null ? [group.service] : [])))];
  // A configured service may never have published anything.
  if (declared.length > 0) await client.query("INSERT INTO services (name) SELECT * FROM unnest($1::text[]) ON CONFLICT DO NOTHING", [declared]);
  const names = groups.map(({ info }) => info.group);
  await client.query(
    `INSERT INTO consumer_groups AS g (cluster_id, name, protocol, state, member_count, coordinator, service_id, service_known_by)
     SELECT $1, u.name, u.protocol, u.state, u.members, u.coordinator, s.id, CASE WHEN s.id IS NOT NULL THEN u.known_by END
     FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[]) AS u(name, protocol, state, members, coordinator, service, known_by)
     LEFT JOIN services s ON s.name = u.service
     ON CONFLICT (cluster_id, name) DO UPDATE SET protocol = EXCLUDED.protocol, state = EXCLUDED.state, member_count = EXCLUDED.member_count,
       coordinator = EXCLUDED.coordinator, service_id = EXCLUDED.service_id, service_known_by = EXCLUDED.service_known_by, gone_at = NULL
     WHERE (g.protocol, g.state, g.member_count, g.coordinator, g.service_id, g.service_known_by, g.gone_at)
       IS DISTINCT FROM (EXCLUDED.protocol, EXCLUDED.state, EXCLUDED.member_count, EXCLUDED.coordinator, EXCLUDED.service_id, EXCLUDED.service_known_by, NULL)`,
    [clusterId, names, groups.map(({ info }) => info.protocol), groups.map(({ info }) => info.state), groups.map(({ info }) => info.members.length), groups.map(({ info }) => info.coordinator), groups.map((g) => g.service), groups.map((g) => g.serviceKnownBy)],
  );
  await client.query("UPDATE consumer_groups SET gone_at = now(), member_count = 0, state = 'dead' WHERE cluster_id = $1 AND gone_at IS NULL AND first_seen_at < now() - interval '30 seconds' AND name <> ALL($2)", [clusterId, names]);
  const { rows } = await client.query<{ id: number; name: string }>("SELECT id, name FROM consumer_groups WHERE cluster_id = $1 AND name = ANY($2)", [clusterId, names]);
  return new Map(rows.map((row) => [row.name, row.id]));
}

export interface AssignmentRow {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly memberId: string;
}

/** The members of these groups as they are now, and who has which partition: what is assigned stands there before its first commit. */
export async function writeMembers(client: pg.Client, members: ReadonlyMap<number, readonly GroupMember[]>, assignments: readonly AssignmentRow[]): Promise<void> {
  const groupIds = [...members.keys()];
  if (groupIds.length === 0) return;
  await client.query("DELETE FROM group_members WHERE group_id = ANY($1)", [groupIds]);
  const rows = [...members].flatMap(([groupId, all]) => [...new Map(all.map((member) => [member.memberId, member])).values()].map((member) => ({ groupId, member })));
  await client.query("INSERT INTO group_members (group_id, member_id, client_id, host, assignment, seen_at) SELECT *, now() FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::jsonb[])", [
    rows.map((r) => r.groupId), rows.map((r) => r.member.memberId), rows.map((r) => r.member.clientId.slice(0, 300)), rows.map((r) => r.member.host.slice(0, 300)),
    rows.map((r) => JSON.stringify([...Map.groupBy(r.member.assignment, (ref) => ref.topic)].map(([topic, refs]) => ({ topic, partitions: refs.map((ref) => ref.partition) })))),
  ]);
  await client.query(
    `WITH told AS (SELECT DISTINCT ON (1, 2, 3) * FROM unnest($2::int[], $3::int[], $4::int[], $5::text[]) AS u(group_id, destination_id, partition, member_id)),
     taken AS (
       INSERT INTO group_partitions AS p (group_id, destination_id, partition, member_id) SELECT * FROM told ORDER BY 1, 2, 3
       ON CONFLICT (group_id, destination_id, partition) DO UPDATE SET member_id = EXCLUDED.member_id WHERE p.member_id IS DISTINCT FROM EXCLUDED.member_id)
     UPDATE group_partitions p SET member_id = NULL
     WHERE p.group_id = ANY($1) AND p.member_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM told t WHERE t.group_id = p.group_id AND t.destination_id = p.destination_id AND t.partition = p.partition)`,
    [groupIds, assignments.map((r) => r.groupId), assignments.map((r) => r.destinationId), assignments.map((r) => r.partition), assignments.map((r) => r.memberId)],
  );
}

export async function readServiceNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>("SELECT name FROM services");
  return rows.map((row) => row.name);
}

export async function readCommitSource(client: pg.Client, clusterId: number): Promise<string> {
  const { rows } = await client.query<{ commit_source: string }>("SELECT commit_source FROM clusters WHERE id = $1", [clusterId]);
  return rows[0]?.commit_source ?? "unknown";
}

export async function markInspected(client: pg.Client, clusterId: number, externalId: string | null): Promise<void> {
  await client.query("UPDATE clusters SET inspected_at = now(), external_id = coalesce($2, external_id) WHERE id = $1", [clusterId, externalId]);
}
