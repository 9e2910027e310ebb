/** Roles of destinations that their records show. */
import type { Flush } from "./flush.ts";

export interface RoleRow {
  readonly destinationId: number;
  readonly role: "dead_letter" | "retry";
  readonly sourceName: string | null;
}

/** Corrects roles that were guessed from names: records with a failure's headers prove a dead-letter or retry topic. */
export async function correctRoles(flush: Flush, rows: readonly RoleRow[]): Promise<void> {
  // Taps that read partitions of the same topics correct the same rows: locked in the order of their names, as
  // everywhere, so that none waits for another in a circle.
  if (rows.length > 1)
    await flush.client.query("SELECT 1 FROM destinations WHERE id = ANY($1) ORDER BY name FOR NO KEY UPDATE", [
      rows.map(({ destinationId }) => destinationId),
    ]);
  for (const { destinationId, role, sourceName } of rows) {
    await flush.client.query(
      `
        UPDATE destinations d
        SET role = $2,
          source_id = coalesce(
            (
              SELECT s.id
              FROM destinations s
              WHERE s.cluster_id = d.cluster_id AND s.name = $3 AND s.id <> d.id
            ),
            d.source_id
          )
        WHERE d.id = $1 AND (d.role <> $2 OR d.source_id IS NULL)`,
      [destinationId, role, sourceName],
    );
  }
}
