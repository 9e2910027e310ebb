/** Roles of destinations as their records prove them. */
import type { Flush } from "./flush.ts";

export interface RoleRow {
  readonly destinationId: number;
  readonly role: "dead_letter" | "retry";
  readonly sourceName: string | null;
}

/** A role guessed from a destination's name is corrected by records that have a failure's headers. */
export async function correctRoles(flush: Flush, rows: readonly RoleRow[]): Promise<void> {
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
