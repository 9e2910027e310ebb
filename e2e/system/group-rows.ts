/** What the tap has stored of a group. */
import type pg from "pg";

export interface Group {
  readonly id: number;
  readonly protocol: string;
  readonly state: string;
  readonly member_count: number;
  readonly generation: number | null;
  readonly lag_messages: string;
  readonly empty_since: Date | null;
}

export function readGroups(pool: () => pg.Pool) {
  const groupOf = async (name: string): Promise<Group | undefined> =>
    (
      await pool().query<Group>(
        `
          SELECT id, protocol, state, member_count, generation, lag_messages, empty_since
          FROM consumer_groups
          WHERE name = $1 AND gone_at IS NULL`,
        [name],
      )
    ).rows[0];
  const marksOf = async (name: string, kind: string) =>
    (
      await pool().query<{ at: Date; detail: Record<string, unknown> }>(
        `
          SELECT m.at, m.detail
          FROM group_events m
          JOIN consumer_groups g ON g.id = m.group_id
          WHERE g.name = $1 AND m.kind = $2
          ORDER BY m.at, m.id`,
        [name, kind],
      )
    ).rows;
  const assignedOf = async (name: string) =>
    (
      await pool().query<{ n: number }>(
        `
          SELECT count(*)::int AS n
          FROM group_partitions p
          JOIN consumer_groups g ON g.id = p.group_id
          WHERE g.name = $1 AND p.member_id IS NOT NULL`,
        [name],
      )
    ).rows[0]?.n;

  return { groupOf, marksOf, assignedOf };
}
