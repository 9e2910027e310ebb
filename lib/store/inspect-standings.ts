/** Where groups stand and what was judged of it. On the connection that holds the lock. */
import type pg from "pg";
import type { Verdict } from "#lib/domain/lag/verdict.ts";

export interface StandingRow {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly committedOffset: bigint;
  readonly committedAtMs: number;
  readonly movedAtMs: number | null;
}

export async function readStandings(client: pg.Client, clusterId: number): Promise<StandingRow[]> {
  const { rows } = await client.query<{ group_id: number; destination_id: number; partition: number; committed_offset: string; committed_ms: number; moved_ms: number | null }>(
    `SELECT p.group_id, p.destination_id, p.partition, p.committed_offset, round(extract(epoch FROM p.committed_at) * 1000)::float8 AS committed_ms, round(extract(epoch FROM p.moved_at) * 1000)::float8 AS moved_ms
     FROM group_partitions p JOIN consumer_groups g ON g.id = p.group_id JOIN destinations d ON d.id = p.destination_id
     WHERE g.cluster_id = $1 AND g.gone_at IS NULL AND d.gone_at IS NULL AND p.committed_offset IS NOT NULL`,
    [clusterId],
  );
  return rows.map((row) => ({ groupId: row.group_id, destinationId: row.destination_id, partition: row.partition, committedOffset: BigInt(row.committed_offset), committedAtMs: row.committed_ms, movedAtMs: row.moved_ms }));
}

export interface CommitSeen {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly atMs: number;
}

interface CommitColumns {
  readonly group_id: number;
  readonly destination_id: number;
  readonly partition: number;
  readonly committed_offset: string;
  readonly ms: number;
}

const commitSeen = (row: CommitColumns): CommitSeen => ({ groupId: row.group_id, destinationId: row.destination_id, partition: row.partition, offset: BigInt(row.committed_offset), atMs: row.ms });
const COLUMNS = "c.group_id, c.destination_id, c.partition, c.committed_offset, round(extract(epoch FROM c.committed_at) * 1000)::float8 AS ms";

/** The last commits of every partition of every group, oldest first: what rings are rebuilt from. */
export async function readLastCommits(client: pg.Client, clusterId: number, perPartition: number): Promise<CommitSeen[]> {
  const { rows } = await client.query<CommitColumns>(
    `SELECT ${COLUMNS} FROM group_partitions p JOIN consumer_groups g ON g.id = p.group_id AND g.cluster_id = $1 AND g.gone_at IS NULL
     CROSS JOIN LATERAL (
       SELECT * FROM group_commits k WHERE k.group_id = p.group_id AND k.destination_id = p.destination_id AND k.partition = p.partition AND k.stored_at > now() - interval '2 hours'
       ORDER BY k.committed_at DESC LIMIT $2) c
     WHERE p.committed_offset IS NOT NULL ORDER BY c.committed_at`,
    [clusterId, perPartition],
  );
  return rows.map(commitSeen);
}

/** Transactions below this have all ended: what they wrote can be seen, and none will add to it. */
export async function readHorizon(client: pg.Client): Promise<bigint> {
  const { rows } = await client.query<{ xid: string }>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid");
  return BigInt(rows[0]?.xid ?? "0");
}

/** The commits of a cluster that became visible between the two horizons. */
export async function readCommitsSince(client: pg.Client, clusterId: number, fromXid: bigint, toXid: bigint): Promise<CommitSeen[]> {
  const { rows } = await client.query<CommitColumns>(
    `SELECT ${COLUMNS} FROM group_commits c JOIN consumer_groups g ON g.id = c.group_id AND g.cluster_id = $1
     WHERE c.xid >= $2 AND c.xid < $3 AND c.stored_at > now() - interval '10 minutes' ORDER BY c.xid, c.committed_at`,
    [clusterId, fromXid, toXid],
  );
  return rows.map(commitSeen);
}

export interface HeadSample {
  readonly destinationId: number;
  readonly partition: number;
  readonly committedOffset: bigint;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** For each place, the first flush that holds it or comes after it: which offsets it spans, and their times. */
export async function readHeads(client: pg.Client, places: readonly { readonly destinationId: number; readonly partition: number; readonly committedOffset: bigint }[], withinHours: number): Promise<HeadSample[]> {
  if (places.length === 0) return [];
  const { rows } = await client.query<{ destination_id: number; partition: number; committed: string; first_position: string; last_position: string; first_ms: number; last_ms: number }>(
    `SELECT w.destination_id, w.partition, w.committed, b.first_position, b.last_position, round(extract(epoch FROM b.first_occurred_at) * 1000)::float8 AS first_ms, round(extract(epoch FROM b.last_occurred_at) * 1000)::float8 AS last_ms
     FROM unnest($1::int[], $2::int[], $3::bigint[]) AS w(destination_id, partition, committed)
     CROSS JOIN LATERAL (
       SELECT * FROM event_batches e WHERE e.destination_id = w.destination_id AND e.partition = w.partition AND e.last_position >= w.committed AND e.stored_at > now() - $4::float8 * interval '1 hour'
       ORDER BY e.last_position LIMIT 1) b`,
    [places.map((p) => p.destinationId), places.map((p) => p.partition), places.map((p) => p.committedOffset), withinHours],
  );
  return rows.map((row) => ({ destinationId: row.destination_id, partition: row.partition, committedOffset: BigInt(row.committed), firstPosition: BigInt(row.first_position), lastPosition: BigInt(row.last_position), firstAtMs: row.first_ms, lastAtMs: row.last_ms }));
}

/** Dead letters of the cluster's groups in the last minutes, by group name. */
export async function readRecentFailures(client: pg.Client, clusterId: number, minutes: number): Promise<Map<string, number>> {
  const { rows } = await client.query<{ group_name: string; failures: number }>("SELECT group_name, count(*)::int AS failures FROM failures WHERE cluster_id = $1 AND failed_at > now() - $2::int * interval '1 minute' AND group_name IS NOT NULL GROUP BY 1", [clusterId, minutes]);
  return new Map(rows.map((row) => [row.group_name, row.failures]));
}

export interface PartitionJudgement {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly timeLagIsFloor: boolean;
  readonly verdict: Verdict;
  readonly evidence: number;
}

export async function writePartitionJudgements(client: pg.Client, rows: readonly PartitionJudgement[]): Promise<void> {
  await client.query(
    `UPDATE group_partitions p SET lag_messages = u.lag, time_lag_ms = u.time_lag, time_lag_is_floor = u.floor, verdict = u.verdict, evidence = u.evidence
     FROM unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bool[], $7::text[], $8::float8[]) AS u(group_id, destination_id, partition, lag, time_lag, floor, verdict, evidence)
     WHERE p.group_id = u.group_id AND p.destination_id = u.destination_id AND p.partition = u.partition
       AND (p.lag_messages, p.time_lag_ms, p.time_lag_is_floor, p.verdict, p.evidence) IS DISTINCT FROM (u.lag, u.time_lag, u.floor, u.verdict, u.evidence)`,
    [rows.map((r) => r.groupId), rows.map((r) => r.destinationId), rows.map((r) => r.partition), rows.map((r) => r.lagMessages), rows.map((r) => r.timeLagMs), rows.map((r) => r.timeLagIsFloor), rows.map((r) => r.verdict), rows.map((r) => r.evidence)],
  );
}

export interface GroupJudgement {
  readonly groupId: number;
  readonly verdict: Verdict;
  readonly evidence: number;
  readonly reason: string | null;
  readonly severity: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly inRate: number;
  readonly outRate: number;
}

/** Rows that say nothing new are left alone for a while: their judged_at may be that old. */
const REPEAT_AFTER_SECONDS = 15;

export async function writeGroupJudgements(client: pg.Client, rows: readonly GroupJudgement[]): Promise<void> {
  await client.query(
    `UPDATE consumer_groups g SET verdict = u.verdict, verdict_since = CASE WHEN g.verdict = u.verdict AND g.verdict_since IS NOT NULL THEN g.verdict_since ELSE now() END,
       evidence = u.evidence, reason = u.reason, severity = u.severity, lag_messages = u.lag, time_lag_ms = u.time_lag, in_rate = u.in_rate, out_rate = u.out_rate, judged_at = now()
     FROM unnest($1::int[], $2::text[], $3::float8[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::float8[], $9::float8[]) AS u(id, verdict, evidence, reason, severity, lag, time_lag, in_rate, out_rate)
     WHERE g.id = u.id AND ((g.verdict, g.evidence, g.reason, g.severity, g.lag_messages, g.time_lag_ms, g.in_rate, g.out_rate) IS DISTINCT FROM (u.verdict, u.evidence, u.reason, u.severity, u.lag, u.time_lag, u.in_rate, u.out_rate)
       OR g.judged_at IS NULL OR g.judged_at < now() - ${REPEAT_AFTER_SECONDS} * interval '1 second')`,
    [rows.map((r) => r.groupId), rows.map((r) => r.verdict), rows.map((r) => r.evidence), rows.map((r) => r.reason), rows.map((r) => r.severity), rows.map((r) => r.lagMessages), rows.map((r) => r.timeLagMs), rows.map((r) => r.inRate), rows.map((r) => r.outRate)],
  );
}

export interface LagPoint {
  readonly groupId: number;
  readonly destinationId: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly memberCount: number;
  readonly verdict: Verdict;
}

/** The standing as last seen in the running bucket; what was consumed in it is counted elsewhere. */
export async function writeLagPoints(client: pg.Client, rows: readonly LagPoint[]): Promise<void> {
  await client.query(
    `INSERT INTO consume_rollups AS r (bucket, group_id, destination_id, consumed, lag_messages, time_lag_ms, member_count, verdict)
     SELECT date_bin('10 seconds', now(), 'epoch'), u.group_id, u.destination_id, 0, u.lag, u.time_lag, u.members, u.verdict
     FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::int[], $6::text[]) AS u(group_id, destination_id, lag, time_lag, members, verdict) ORDER BY 2, 3
     ON CONFLICT (bucket, group_id, destination_id) DO UPDATE SET lag_messages = EXCLUDED.lag_messages, time_lag_ms = EXCLUDED.time_lag_ms, member_count = EXCLUDED.member_count, verdict = EXCLUDED.verdict`,
    [rows.map((r) => r.groupId), rows.map((r) => r.destinationId), rows.map((r) => r.lagMessages), rows.map((r) => r.timeLagMs), rows.map((r) => r.memberCount), rows.map((r) => r.verdict)],
  );
}

export async function notifyJudged(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "judged" })]);
}
