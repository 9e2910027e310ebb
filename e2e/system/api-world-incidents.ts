/** The incidents of the API's world. */
import type pg from "pg";
import { ORDERS_EVENTS } from "./api-world-ids.ts";

/**
 * The poison event that payments stands at since two minutes ago, an older incident that is over, and what happened
 * to its members.
 */
export async function fillIncidents(pool: pg.Pool, nowMs: number): Promise<void> {
  const at = (msAgo: number) => new Date(nowMs - msAgo);
  const finding = (cause: string, sentence: string, msAgo: number) =>
    JSON.stringify({
      cause,
      sinceMs: nowMs - msAgo,
      sentence,
      at: { topic: "orders", partition: 1, offset: "60" },
      facts: [
        { label: "Offset", value: "60" },
        { label: "Other partitions", value: "1 moves" },
      ],
      data: { offset: "60", memberId: "m-1", clientId: "payments-1", host: "10.0.0.1" },
    });
  const poison = finding(
    "poison_event",
    "orders[1] stands at offset 60 while its member lives and the other partition moves",
    120_000,
  );
  await pool.query(
    `
      UPDATE consumer_groups
      SET cause = 'poison_event', cause_since = $1, cause_detail = $2, generation = 7
      WHERE id = 1`,
    [at(120_000), poison],
  );
  await pool.query(
    `
      INSERT INTO member_sessions
      VALUES
        (1, 'm-0', $1, $2, 'payments-0', '/10.0.0.9', '[{"topic":"orders","partitions":[0,1]}]'),
        (1, 'm-1', $2, NULL, 'payments-1', '/10.0.0.1', '[{"topic":"orders","partitions":[0,1]}]')`,
    [at(3_000_000), at(200_000)],
  );
  await pool.query(
    `
      INSERT INTO group_events (group_id, at, kind, detail)
      VALUES
        (1, $1, 'left', '{"members":1,"count":1,"who":[{"memberId":"m-0","clientId":"payments-0"}]}'),
        (1, $1, 'joined', '{"members":1,"count":1,"who":[{"memberId":"m-1","clientId":"payments-1"}]}'),
        (1, $1, 'rebalance', '{"generation":7,"members":1}'),
        (1, $2, 'rewound', '{"topic":"orders","partition":0,"from":90,"to":"40"}')`,
    [at(200_000), at(100_000)],
  );
  await pool.query(
    `
      INSERT INTO incidents (
        id, cluster_id, group_id, opened_at, closed_at, verdict, cause, severity, reason, peak_lag_messages,
        peak_time_lag_ms
      )
      VALUES
        (1, 1, 1, $1, $2, 'stopped', 'no_members', 3, 'payments has no members; 12 events wait', 12, 90000),
        (2, 1, 1, $3, NULL, 'stalled', 'poison_event', 3, 'orders[1] has not moved for 2 min', 40, 120000)`,
    [at(2_000_000), at(1_800_000), at(120_000)],
  );
  await pool.query(
    `
      INSERT INTO incident_changes (incident_id, at, kind, verdict, cause, reason, detail)
      VALUES
        (1, $1, 'opened', 'stopped', 'no_members', 'payments has no members; 12 events wait', $5),
        (1, $2, 'closed', 'ok', NULL, NULL, NULL),
        (2, $3, 'opened', 'warning', NULL, 'payments falls behind: 10/s in, 8/s out', NULL),
        (2, $4, 'changed', 'stalled', 'poison_event', 'orders[1] has not moved for 1 min', $6)`,
    [
      at(2_000_000),
      at(1_800_000),
      at(120_000),
      at(60_000),
      finding("no_members", "nobody is connected", 2_000_000),
      poison,
    ],
  );
  // The same place committed again and again, and the other one moving.
  await pool.query(
    `
      INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
      SELECT t, t, 1, 1, 1, 60
      FROM generate_series($1::timestamptz, $2::timestamptz, interval '5 seconds') t`,
    [at(120_000), at(1000)],
  );
  await pool.query(
    `
      INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
      VALUES ($1, $1, 1, 1, 0, 300), ($2, $2, 1, 1, 0, ${ORDERS_EVENTS})`,
    [at(46_000), at(1000)],
  );
}
