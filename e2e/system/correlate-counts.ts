/** What the correlator has stored, summed up in tables by name. */
import type pg from "pg";

export function openCounts(pool: () => pg.Pool) {
  const table = async (sql: string): Promise<Record<string, number>> => {
    const { rows } = await pool().query<{ name: string; n: string }>(sql);
    return Object.fromEntries(rows.map((row): [string, number] => [row.name, Number(row.n)]).sort());
  };
  const causes = () =>
    table(`
      SELECT fd.name || ' ' || ft.name || ' → ' || coalesce(g.name, '?') || ' → ' || td.name || ' '
          || tt.name AS name,
        sum(r.events) AS n
      FROM cause_rollups r
      JOIN destinations fd ON fd.id = from_destination_id
      JOIN destinations td ON td.id = to_destination_id
      JOIN event_types ft ON ft.id = from_type_id
      JOIN event_types tt ON tt.id = to_type_id
      LEFT JOIN consumer_groups g ON g.id = r.group_id
      GROUP BY 1`);
  const consumption = () =>
    table(
      `
        SELECT g.name || ' ' || d.name AS name, sum(consumed) AS n
        FROM consume_rollups r
        JOIN consumer_groups g ON g.id = r.group_id
        JOIN destinations d ON d.id = r.destination_id
        GROUP BY 1
        HAVING sum(consumed) > 0`,
    );
  /** The failures by title and group, and whether each points at the event that caused it. */
  const failures = async () => {
    const { rows } = await pool().query<Record<string, unknown>>(
      `
        SELECT f.title, f.format, f.group_name AS "group", f.original_destination AS topic, f.status,
          count(*)::int AS events, count(DISTINCT f.trace_id)::int AS traces,
          bool_and(
            f.original_destination_id = d.id
            AND cause.type_id = t.id
            AND cause.trace_id = f.trace_id
            AND cause.key = f.key
          ) AS "isItsCause",
          min(s.name) AS service
        FROM failures f
        LEFT JOIN destinations d ON d.name = 'payments'
        LEFT JOIN event_types t ON t.name = 'payment.taken'
        LEFT JOIN services s ON s.id = f.service_id
        LEFT JOIN events cause ON cause.destination_id = f.original_destination_id
          AND cause.partition = f.original_partition
          AND cause.position = f.original_position
        GROUP BY 1, 2, 3, 4, 5`,
    );
    return rows;
  };
  return { table, causes, consumption, failures };
}
