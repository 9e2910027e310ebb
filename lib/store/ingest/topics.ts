/** Topics as the tap finds them on a cluster. */
import type pg from "pg";
import type { TopicRole } from "#lib/domain/flow/rows.ts";
import { inPoolTransaction } from "../db/transaction.ts";
import { insertPositions } from "./positions.ts";

export interface FoundTopic {
  readonly topic: string;
  /** the broker's own id of it; null: it has none */
  readonly topicId: string | null;
  readonly role: TopicRole;
  /** role and source topic from the configuration; they override what is stored */
  readonly declared: { readonly role: "retry" | "dead_letter"; readonly source: string | null } | null;
  readonly partitionCount: number;
  readonly replication: number;
  readonly tapped: boolean;
}

/** A topic that is known and untapped for at least this long is not new: the configuration now includes it. */
const NEWLY_MADE = "1 minute";
const LOCK_SPACE = 7_203_002;

/**
 * Stores the topics found on a cluster. `startsOf` gives the configured start positions. It is called for all topics
 * when a tap starts on the cluster for the first time, and later for known topics that are tapped from now on. Any
 * other topic is new and is read from its beginning. Answers the ids of their
 * destinations by name.
 */
export async function registerTopics(
  pool: pg.Pool,
  clusterId: number,
  topics: readonly FoundTopic[],
  startsOf: (topics: readonly string[]) => Promise<{ topic: string; partition: number; next: bigint }[]>,
): Promise<ReadonlyMap<string, number>> {
  return inPoolTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1, $2)", [LOCK_SPACE, clusterId]);
    const cursor = `tap-start/${clusterId}`;
    const isFirst =
      (
        await client.query(
          "INSERT INTO cursors (name, value, updated_at) VALUES ($1, '{}', now()) ON CONFLICT DO NOTHING",
          [cursor],
        )
      ).rowCount === 1;
    const { rows: known } = await client.query<{ name: string }>(
      `
        SELECT name
        FROM destinations
        WHERE cluster_id = $1 AND NOT tapped AND first_seen_at < now() - interval '${NEWLY_MADE}'`,
      [clusterId],
    );
    const untapped = new Set(known.map(({ name }) => name));
    await closeGenerations(client, clusterId, topics);
    const { rows } = await client.query<{ id: number; name: string }>(
      `
        INSERT INTO destinations AS d (
          cluster_id, name, role, partition_count, replication, tapped, topic_id, generation
        )
        SELECT $1, u.*,
          1 + (SELECT count(*) FROM destinations f WHERE f.cluster_id = $1 AND f.generation_of = u.name)
        FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::bool[], $7::uuid[])
          AS u(name, role, partition_count, replication, tapped, topic_id)
        ORDER BY u.name
        ON CONFLICT (cluster_id, name) DO UPDATE
        SET partition_count = EXCLUDED.partition_count,
          topic_id = coalesce(EXCLUDED.topic_id, d.topic_id),
          replication = EXCLUDED.replication,
          gone_at = NULL,
          tapped = EXCLUDED.tapped,
          role = CASE WHEN d.role = 'event' AND NOT d.tapped THEN EXCLUDED.role ELSE d.role END
        RETURNING id, name`,
      [
        clusterId,
        topics.map((t) => t.topic),
        topics.map((t) => t.role),
        topics.map((t) => t.partitionCount),
        topics.map((t) => t.replication),
        topics.map((t) => t.tapped),
        topics.map((t) => t.topicId),
      ],
    );
    await setDeclaredRoles(client, clusterId, topics);
    const ids = new Map(rows.map(({ id, name }) => [name, id]));
    const byConfig = topics
      .filter(({ topic, tapped }) => tapped && (isFirst || untapped.has(topic)))
      .map(({ topic }) => topic);
    const starts = byConfig.length === 0 ? [] : await startsOf(byConfig);
    await insertPositions(
      client,
      starts.map(({ topic, partition, next }) => ({ destinationId: ids.get(topic) as number, partition, next })),
    );
    return ids;
  });
}

/**
 * A topic whose id has changed was deleted and made anew. The row of what was read before gets a name that no topic can
 * have, so that its events, failures and positions are never taken for those of the new one; the groups' commits in it
 * are no more.
 */
async function closeGenerations(
  client: pg.PoolClient,
  clusterId: number,
  topics: readonly FoundTopic[],
): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    `
      UPDATE destinations d
      SET name = d.name || '~' || d.generation, generation_of = d.name, gone_at = coalesce(d.gone_at, now()),
        tapped = false
      FROM unnest($2::text[], $3::uuid[]) AS u(name, topic_id)
      WHERE d.cluster_id = $1 AND d.name = u.name AND d.topic_id <> u.topic_id
      RETURNING d.id`,
    [clusterId, topics.map((t) => t.topic), topics.map((t) => t.topicId)],
  );
  const closed = [rows.map(({ id }) => id)];
  if (rows.length === 0) return;
  await client.query("DELETE FROM group_partitions WHERE destination_id = ANY($1)", closed);
  await client.query("DELETE FROM partition_offsets WHERE destination_id = ANY($1)", closed);
}

async function setDeclaredRoles(
  client: pg.PoolClient,
  clusterId: number,
  topics: readonly FoundTopic[],
): Promise<void> {
  const declared = topics.flatMap((found) =>
    found.declared === null ? [] : [{ topic: found.topic, ...found.declared }],
  );
  if (declared.length === 0) return;
  await client.query(
    `
      UPDATE destinations d
      SET role = t.role, source_id = coalesce(s.id, d.source_id)
      FROM unnest($2::text[], $3::text[], $4::text[]) AS t(name, role, source)
      LEFT JOIN destinations s ON s.cluster_id = $1 AND s.name = t.source
      WHERE d.cluster_id = $1
        AND d.name = t.name
        AND (d.role <> t.role OR d.source_id IS DISTINCT FROM coalesce(s.id, d.source_id))`,
    [clusterId, declared.map((t) => t.topic), declared.map((t) => t.role), declared.map((t) => t.source)],
  );
}
