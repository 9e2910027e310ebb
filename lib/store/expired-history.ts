/**
 * Deletes what holds people's data and outlives the events: what they did (replays with their edits, notes), what they
 * were told (incidents), who did what (the audit log), and what is no longer on the broker. Each statement is small,
 * and asks for rows that nobody holds.
 */
import type pg from "pg";

const NOT_OF_A_KNOWN_FAILURE = (table: string) => `
  NOT EXISTS (SELECT FROM failures f WHERE f.fingerprint = ${table}.fingerprint)
  AND NOT EXISTS (SELECT FROM aged_failures a WHERE a.fingerprint = ${table}.fingerprint)`;

/** What is past `historyDays`, by table. Nothing that is still open, or that something still shown leads to. */
const HISTORY: readonly (readonly [table: string, isExpired: string])[] = [
  [
    "replay_runs",
    `status IN ('draft', 'completed', 'failed', 'cancelled')
      AND coalesce(finished_at, created_at) < $1
      AND NOT EXISTS (
        SELECT
        FROM replay_items i
        JOIN failures f ON f.id = i.failure_id AND f.status = 'replaying'
        WHERE i.run_id = replay_runs.id
      )`,
  ],
  ["incidents", "closed_at < $1"],
  ["failure_notes", `at < $1 AND ${NOT_OF_A_KNOWN_FAILURE("failure_notes")}`],
  [
    "failure_triages",
    `changed_at < $1
      AND ${NOT_OF_A_KNOWN_FAILURE("failure_triages")}
      AND NOT EXISTS (SELECT FROM failure_triages o WHERE o.merged_into = failure_triages.fingerprint)`,
  ],
  [
    "consumer_groups",
    `gone_at < $1
      AND NOT EXISTS (SELECT FROM incidents i WHERE i.group_id = consumer_groups.id)
      AND NOT EXISTS (SELECT FROM group_events e WHERE e.group_id = consumer_groups.id)`,
  ],
];

/** What belongs to a topic and is of no use without it. */
const OF_TOPICS = ["tap_positions", "partition_offsets", "group_partitions", "tap_faults", "producer_destinations"];

/** At most `limit` rows of each kind; answers whether there may be more. */
export async function deleteExpiredHistory(
  client: pg.Client,
  { history, audit, events }: { readonly history: Date; readonly audit: Date; readonly events: Date },
  limit: number,
): Promise<boolean> {
  let more = await deleteGoneTopics(client, events, limit);
  for (const [table, isExpired] of [...HISTORY, ["audit_entries", "at < $1"] as const]) {
    const { rowCount } = await client.query(
      `
        DELETE FROM ${table}
        WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${isExpired} LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [table === "audit_entries" ? audit : history, limit],
    );
    more ||= rowCount === limit;
  }
  return more;
}

/** Topics that the broker has had no more since all that is kept of events; only their failures may be kept longer. */
async function deleteGoneTopics(client: pg.Client, before: Date, limit: number): Promise<boolean> {
  const { rows } = await client.query<{ id: number }>(
    `
      DELETE FROM destinations
      WHERE id = ANY(ARRAY(
        SELECT d.id
        FROM destinations d
        WHERE d.gone_at < $1
          AND NOT EXISTS (SELECT FROM failures f WHERE f.destination_id = d.id OR f.original_destination_id = d.id)
        LIMIT $2
        FOR UPDATE SKIP LOCKED
      ))
      RETURNING id`,
    [before, limit],
  );
  if (rows.length === 0) return false;
  for (const table of OF_TOPICS)
    await client.query(`DELETE FROM ${table} WHERE destination_id = ANY($1)`, [rows.map(({ id }) => id)]);
  return rows.length === limit;
}
