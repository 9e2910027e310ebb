/** Roles of destinations that their records show. */
import type { Flush } from "./flush.ts";

export interface RoleRow {
  readonly destinationId: number;
  readonly role: "event" | "dead_letter" | "retry";
  readonly sourceName: string | null;
}

/** So many of a destination's last batches are asked whether a role that few records show is that of the others. */
const BATCHES_ASKED = 200;

/**
 * Corrects roles that were guessed from names or from fewer records. Nothing becomes a dead-letter topic while most of
 * what is stored of it is none; Kafka's own topics never become topics of events.
 */
export async function correctRoles(flush: Flush, rows: readonly RoleRow[]): Promise<void> {
  if (rows.length === 0) return;
  // Taps that read partitions of the same topics correct the same rows: locked in the order of their names, as
  // everywhere, so that none waits for another in a circle.
  const ids = rows.map(({ destinationId }) => destinationId);
  if (rows.length > 1)
    await flush.client.query("SELECT 1 FROM destinations WHERE id = ANY($1) ORDER BY name FOR NO KEY UPDATE", [ids]);
  await flush.client.query(
    `
      UPDATE destinations d
      SET role = r.role,
        source_id = CASE WHEN r.role = 'event' THEN NULL ELSE coalesce(
          (
            SELECT s.id
            FROM destinations s
            WHERE s.cluster_id = d.cluster_id AND s.name = r.source AND s.id <> d.id
          ),
          d.source_id
        ) END
      FROM unnest($1::int[], $2::text[], $3::text[]) AS r(id, role, source)
      WHERE d.id = r.id
        AND (d.role <> r.role OR (r.role <> 'event' AND d.source_id IS NULL))
        AND (r.role <> 'event' OR d.role IN ('dead_letter', 'retry'))
        AND (
          r.role <> 'dead_letter'
          OR d.role = 'dead_letter'
          OR 2 * (SELECT count(*) FROM failures f WHERE f.destination_id = d.id) >= (
            SELECT coalesce(sum(b.events), 0)
            FROM (
              SELECT events
              FROM event_batches
              WHERE destination_id = d.id
              ORDER BY last_position DESC
              LIMIT ${BATCHES_ASKED}
            ) b
          )
        )`,
    [ids, rows.map((row) => row.role), rows.map((row) => row.sourceName)],
  );
}
