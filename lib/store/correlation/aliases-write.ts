/** Which conversations and traces belong together. In the transaction of the cursor. */
import type pg from "pg";

/**
 * Stores which trace each conversation belongs to: the first that names it, until no event names it for an hour.
 */
export async function addAliases(client: pg.Client, aliases: ReadonlyMap<string, string>): Promise<void> {
  if (aliases.size === 0) return;
  await client.query(
    `
      INSERT INTO trace_aliases AS a (conversation_id, trace_id, seen_at)
      SELECT *, now()
      FROM unnest($1::uuid[], $2::uuid[])
      ORDER BY 1
      ON CONFLICT (conversation_id) DO UPDATE
      SET trace_id = EXCLUDED.trace_id, seen_at = EXCLUDED.seen_at
      WHERE a.seen_at < now() - interval '1 hour'`,
    [[...aliases.keys()], [...aliases.values()]],
  );
}

/** A conversation of more traces than this is a long-lived key (a customer, a session), not one flow. */
const TRACES_PER_CONVERSATION = 16;

export interface Joining {
  readonly trace: string;
  readonly owner: string;
  readonly conversation: string;
}

/**
 * Joins traces to another from now on, with all their aliases. A trace is joined only where the conversation has an
 * event without a trace id, which is where its trace broke off, and while the owner has few traces.
 */
export async function joinTraces(client: pg.Client, joinings: readonly Joining[]): Promise<void> {
  if (joinings.length === 0) return;
  await client.query(
    `
      WITH asked AS (
        SELECT u.trace, u.owner, row_number() OVER (PARTITION BY u.owner ORDER BY u.trace) AS rank
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS u(trace, owner, conversation)
        WHERE EXISTS (
          SELECT 1
          FROM events e
          WHERE e.trace_id = u.conversation AND e.stored_at > now() - interval '1 hour'
        )
      ),
      allowed AS (
        SELECT q.trace, q.owner
        FROM asked q
        WHERE q.rank + (SELECT count(*) FROM trace_aliases x WHERE x.trace_id = q.owner)
          <= ${TRACES_PER_CONVERSATION}
      ),
      moved AS (
        UPDATE trace_aliases a
        SET trace_id = w.owner
        FROM allowed w
        WHERE a.trace_id = w.trace
      )
      INSERT INTO trace_aliases (conversation_id, trace_id, seen_at)
      SELECT trace, owner, now()
      FROM allowed
      ON CONFLICT (conversation_id) DO NOTHING`,
    [joinings.map((j) => j.trace), joinings.map((j) => j.owner), joinings.map((j) => j.conversation)],
  );
}

/** The trace each of these conversations belongs to, where it belongs to one. */
export async function readAliases(client: pg.Client, conversations: readonly string[]): Promise<Map<string, string>> {
  if (conversations.length === 0) return new Map();
  const { rows } = await client.query<{ conversation_id: string; trace_id: string }>(
    `
      SELECT conversation_id, trace_id
      FROM trace_aliases
      WHERE conversation_id = ANY($1::uuid[]) AND seen_at > now() - interval '1 hour'`,
    [conversations],
  );
  return new Map(rows.map((row) => [row.conversation_id, row.trace_id]));
}
