/** Deletes dead letters past retention; those that were still open stay counted, by fingerprint. */
import type pg from "pg";

/** How long after its last dead letter an aged failure stays counted. */
const COUNTED_FOR_DAYS = 90;

/**
 * One that is being sent again waits for its outcome, one that is being changed for the next time. Stored, not only
 * failed, before: a topic read from its beginning brings old ones.
 */
const AGE = `
  WITH gone AS (
    DELETE FROM failures
    WHERE ctid = ANY(ARRAY(
      SELECT ctid
      FROM failures
      WHERE failed_at < $1 AND stored_at < $1 AND status <> 'replaying'
      LIMIT $2
      FOR UPDATE SKIP LOCKED
    ))
    RETURNING *
  ),
  summed AS (
    SELECT f.fingerprint, (array_agg(f.title ORDER BY f.failed_at DESC))[1] AS title,
      (array_agg(f.format ORDER BY f.failed_at DESC))[1] AS format,
      (array_agg(coalesce(f.root_cause_class, f.exception_class) ORDER BY f.failed_at DESC))[1] AS root_cause_class,
      (array_agg(f.message ORDER BY f.failed_at DESC))[1] AS message, min(f.failed_at) AS first_at,
      max(f.failed_at) AS last_at, count(*) AS events,
      count(*) FILTER (WHERE f.status = 'open') AS open,
      coalesce((array_agg(DISTINCT f.group_name) FILTER (WHERE f.group_name IS NOT NULL))[1:50], '{}') AS groups,
      coalesce((array_agg(DISTINCT coalesce(f.original_destination, d.name)))[1:50], '{}') AS topics,
      coalesce((array_agg(DISTINCT t.name) FILTER (WHERE t.name IS NOT NULL))[1:50], '{}') AS types
    FROM gone f
    LEFT JOIN destinations d ON d.id = f.destination_id
    LEFT JOIN event_types t ON t.id = f.type_id
    GROUP BY f.fingerprint
  ),
  counted AS (
    INSERT INTO aged_failures AS a (
      fingerprint, title, format, root_cause_class, message, first_at, last_at, events, open, groups, topics,
      types
    )
    SELECT s.*
    FROM summed s
    WHERE s.open > 0
      OR EXISTS (SELECT 1 FROM aged_failures o WHERE o.fingerprint = s.fingerprint)
      OR EXISTS (
        SELECT 1
        FROM failures l
        WHERE l.fingerprint = s.fingerprint AND l.status <> 'resolved'
      )
    ON CONFLICT (fingerprint) DO UPDATE
    SET title = EXCLUDED.title,
      format = EXCLUDED.format,
      root_cause_class = EXCLUDED.root_cause_class,
      message = EXCLUDED.message,
      first_at = least(a.first_at, EXCLUDED.first_at),
      last_at = greatest(a.last_at, EXCLUDED.last_at),
      events = a.events + EXCLUDED.events,
      open = a.open + EXCLUDED.open,
      groups = ARRAY(SELECT DISTINCT unnest(a.groups || EXCLUDED.groups) ORDER BY 1 LIMIT 50),
      topics = ARRAY(SELECT DISTINCT unnest(a.topics || EXCLUDED.topics) ORDER BY 1 LIMIT 50),
      types = ARRAY(SELECT DISTINCT unnest(a.types || EXCLUDED.types) ORDER BY 1 LIMIT 50)
  )
  SELECT count(*)::int AS gone
  FROM gone`;

/** At most `limit` dead letters in one statement; answers whether there may be more. */
export async function ageFailures(client: pg.Client, before: Date, limit: number): Promise<boolean> {
  const { rows } = await client.query<{ gone: number }>(AGE, [before, limit]);
  await client.query("DELETE FROM aged_failures WHERE last_at < $1::timestamptz - $2::int * interval '1 day'", [
    before,
    COUNTED_FOR_DAYS,
  ]);
  return rows[0]?.gone === limit;
}
