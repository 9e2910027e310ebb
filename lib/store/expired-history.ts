/**
 * Deletes what holds people's data and outlives the events: what they did (replays with their edits, notes), what they
 * were told (incidents), who did what (the audit log), and what is no longer on the broker. Each statement is small,
 * and asks for rows that nobody holds.
 */
import type pg from "pg";

const NOT_OF_A_KNOWN_FAILURE = (table: string) => `
  NOT EXISTS (SELECT FROM failures f WHERE f.fingerprint = ${table}.fingerprint)
  AND NOT EXISTS (SELECT FROM aged_failures a WHERE a.fingerprint = ${table}.fingerprint)`;

interface Kind {
  readonly table: string;
  readonly isExpired: string;
  /** what goes with a row, and may be thousands of rows: deleted first, as many at once as of anything else */
  readonly parts?: { readonly table: string; readonly of: string };
}

/** What is past `historyDays`. Nothing that is still open, or that something still shown leads to. */
const HISTORY: readonly Kind[] = [
  {
    table: "replay_runs",
    isExpired: `
      status IN ('draft', 'completed', 'failed', 'cancelled')
      AND coalesce(finished_at, created_at) < $1
      AND NOT EXISTS (
        SELECT
        FROM replay_items i
        JOIN failures f ON f.id = i.failure_id AND f.status = 'replaying'
        WHERE i.run_id = replay_runs.id
      )`,
    parts: { table: "replay_items", of: "run_id" },
  },
  { table: "incidents", isExpired: "closed_at < $1", parts: { table: "incident_changes", of: "incident_id" } },
  { table: "failure_notes", isExpired: `at < $1 AND ${NOT_OF_A_KNOWN_FAILURE("failure_notes")}` },
  {
    table: "failure_triages",
    isExpired: `
      changed_at < $1
      AND ${NOT_OF_A_KNOWN_FAILURE("failure_triages")}
      AND NOT EXISTS (SELECT FROM failure_triages o WHERE o.merged_into = failure_triages.fingerprint)`,
  },
  {
    table: "consumer_groups",
    isExpired: `
      gone_at < $1
      AND NOT EXISTS (SELECT FROM incidents i WHERE i.group_id = consumer_groups.id)
      AND NOT EXISTS (SELECT FROM group_events e WHERE e.group_id = consumer_groups.id)`,
    parts: { table: "group_partitions", of: "group_id" },
  },
];
const AUDIT: Kind = { table: "audit_entries", isExpired: "at < $1" };

/** What belongs to a topic and is of no use without it. */
const OF_TOPICS = ["tap_positions", "partition_offsets", "group_partitions", "tap_faults", "producer_destinations"];
/** Each has partitions, and each of these some rows. */
const TOPICS_AT_ONCE = 100;

/** At most `limit` rows of each kind; answers whether there may be more. */
export async function deleteExpiredHistory(
  client: pg.Client,
  { history, audit, events }: { readonly history: Date; readonly audit: Date; readonly events: Date },
  limit: number,
): Promise<boolean> {
  let more = await deleteGoneTopics(client, events, Math.min(limit, TOPICS_AT_ONCE));
  for (const kind of HISTORY) more = (await deleteSome(client, kind, history, limit)) || more;
  return (await deleteSome(client, AUDIT, audit, limit)) || more;
}

async function deleteSome(
  client: pg.Client,
  { table, isExpired, parts }: Kind,
  before: Date,
  limit: number,
): Promise<boolean> {
  let ofParts = 0;
  let isWithoutParts = "true";
  if (parts !== undefined) {
    const { rowCount } = await client.query(
      `
        DELETE FROM ${parts.table}
        WHERE ctid = ANY(ARRAY(
          SELECT p.ctid
          FROM ${parts.table} p
          WHERE p.${parts.of} IN (SELECT id FROM ${table} WHERE ${isExpired})
          LIMIT $2
        ))`,
      [before, limit],
    );
    ofParts = rowCount ?? 0;
    isWithoutParts = `NOT EXISTS (SELECT FROM ${parts.table} p WHERE p.${parts.of} = ${table}.id)`;
  }
  const { rowCount } = await client.query(
    `
      DELETE FROM ${table}
      WHERE ctid = ANY(ARRAY(
        SELECT ctid
        FROM ${table}
        WHERE ${isExpired} AND ${isWithoutParts}
        LIMIT $2
        FOR UPDATE SKIP LOCKED
      ))`,
    [before, limit],
  );
  return ofParts === limit || rowCount === limit;
}

/** Topics that the broker has no more, once nothing that was read of them is left. */
async function deleteGoneTopics(client: pg.Client, before: Date, limit: number): Promise<boolean> {
  const { rows } = await client.query<{ gone: number }>(
    `
      WITH gone AS (
        DELETE FROM destinations
        WHERE id = ANY(ARRAY(
          SELECT d.id
          FROM destinations d
          WHERE d.gone_at < $1
            AND NOT EXISTS (SELECT FROM failures f WHERE f.destination_id = d.id OR f.original_destination_id = d.id)
            AND NOT EXISTS (SELECT FROM event_batches b WHERE b.destination_id = d.id)
          LIMIT $2
          FOR UPDATE SKIP LOCKED
        ))
        RETURNING id
      ),
      ${OF_TOPICS.map(deleteOfGone).join(", ")}
      SELECT count(*)::int AS gone
      FROM gone`,
    [before, limit],
  );
  return rows[0]?.gone === limit;
}

const deleteOfGone = (table: string): string =>
  `of_${table} AS (DELETE FROM ${table} t USING gone g WHERE t.destination_id = g.id)`;
