/** The names that rows refer to by id: event types, services, and the groups of a cluster. */
import type pg from "pg";
import { NameTable } from "./name-table.ts";

export class Names {
  readonly types: NameTable;
  readonly services: NameTable;

  constructor(pool: pg.Pool) {
    this.types = new NameTable(pool, "event_types");
    this.services = new NameTable(pool, "services");
  }

  /** To be called every few minutes, so that names in use are not taken for unused. */
  async refresh(): Promise<void> {
    await this.types.refresh();
    await this.services.refresh();
  }
}

/** Kafka allows names too long for an index; groups with such names are left out. */
export const canBeNamed = (name: string): boolean => name.length <= 600 && !name.includes("\0");

export interface GroupNames {
  idOf(group: string): number | undefined;
  /**
   * Reads or inserts their ids. Of many, those of all groups are read: the monitor lists thousands at once. At most
   * MAX_GROUPS are kept in memory.
   */
  resolve(groups: readonly string[]): Promise<void>;
}

const MAX_GROUPS = 100_000;
const MANY_GROUPS = 10;
const READ_ALL_AFTER_MS = 1000;

export function openGroupNames(pool: pg.Pool, clusterId: number): GroupNames {
  const ids = new Map<string, number>();
  let allReadAtMs = -Infinity;
  const readAll = async (): Promise<void> => {
    const { rows } = await pool.query<{ id: number; name: string }>(
      "SELECT id, name FROM consumer_groups WHERE cluster_id = $1 AND gone_at IS NULL LIMIT $2",
      [clusterId, MAX_GROUPS],
    );
    for (const { id, name } of rows) ids.set(name, id);
    allReadAtMs = performance.now();
  };
  return {
    idOf: (group) => ids.get(group),
    resolve: async (asked) => {
      if (ids.size + asked.length > MAX_GROUPS) ids.clear();
      if (asked.length >= MANY_GROUPS && performance.now() - allReadAtMs > READ_ALL_AFTER_MS) await readAll();
      const groups = asked.filter((group) => !ids.has(group));
      if (groups.length === 0) return;
      // DO NOTHING returns no ids of existing rows, so they are read afterwards. In the order in which the monitor
      // inserts them: two that insert the same names in different orders would wait for each other.
      await pool.query(
        `
          INSERT INTO consumer_groups (cluster_id, name)
          SELECT $1, u.name
          FROM unnest($2::text[]) AS u(name)
          ORDER BY u.name
          ON CONFLICT DO NOTHING`,
        [clusterId, groups],
      );
      const { rows } = await pool.query<{ id: number; name: string }>(
        "SELECT id, name FROM consumer_groups WHERE cluster_id = $1 AND name = ANY($2)",
        [clusterId, groups],
      );
      for (const row of rows) ids.set(row.name, row.id);
    },
  };
}
