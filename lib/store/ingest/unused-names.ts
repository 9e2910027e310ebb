/** Deletes names that nothing refers to any more, which makes room for others. */
import type pg from "pg";

/** What may still refer to a name after its events are gone, as the ids that it refers to. */
const REFERENCES = {
  event_types: [
    "SELECT type_id FROM publish_rollups",
    "SELECT from_type_id FROM cause_rollups",
    "SELECT to_type_id FROM cause_rollups",
    "SELECT root_type_id FROM traces",
    "SELECT unnest(type_ids) FROM traces",
    "SELECT type_id FROM failures",
  ],
  services: [
    "SELECT service_id FROM publish_rollups",
    "SELECT root_service_id FROM traces",
    "SELECT unnest(service_ids) FROM traces",
    "SELECT service_id FROM failures",
    "SELECT service_id FROM consumer_groups",
    "SELECT service_id FROM producers",
  ],
} as const;

/**
 * Taps touch the names that they use at least this often, events are dropped by the hour, and a tap may have stood
 * still for a while.
 */
const SLACK_HOURS = 3;

/** `before`: events stored before it are gone. Answers how many names were deleted. */
export async function deleteUnusedNames(client: pg.Client, before: Date): Promise<number> {
  let deleted = 0;
  for (const [table, references] of Object.entries(REFERENCES)) {
    const unused = `last_used_at < $1::timestamptz - interval '${SLACK_HOURS} hours'`;
    // What refers to them is only looked through when there are any.
    const { rowCount } = await client.query(`SELECT 1 FROM ${table} WHERE ${unused} LIMIT 1`, [before]);
    if (rowCount === 0) continue;
    const gone = await client.query(
      `
        DELETE FROM ${table} t
        WHERE ${unused}
          AND NOT EXISTS (
            SELECT 1
            FROM (${references.join(" UNION ")}) AS r(id)
            WHERE r.id = t.id
          )`,
      [before],
    );
    deleted += gone.rowCount ?? 0;
  }
  return deleted;
}
