import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import type { AlertRule } from "#lib/domain/alert/rule.ts";
import { writeAlerts } from "./alerts-write.ts";
import { anAlert, NOW } from "./an-alert.test-data.ts";
import { loosest } from "./loosest.ts";
import { readWatchedClusters } from "./watched-clusters-read.ts";
import { readWatchedGroups } from "./watched-read.ts";

let postgres: MigratedPostgres;
let client: pg.Client;

before(async () => {
  postgres = await startMigratedPostgres();
  ({ client } = postgres);
  await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka'), (2, 'old', 'kafka')");
});
after(() => postgres.stop());
beforeEach(() =>
  client.query(
    "TRUNCATE alerts, alert_deliveries, alert_silences, consumer_groups, audit_entries RESTART IDENTITY CASCADE",
  ),
);

describe("groups that rules are evaluated for", () => {
  const rule = (when: AlertRule["when"]): AlertRule => ({
    name: "r",
    severity: "info",
    group: "*",
    cluster: "*",
    when,
    forMs: 0,
    channels: [],
  });
  const read = async (...conditions: AlertRule["when"][]) =>
    (await readWatchedGroups(client, ["prod"], loosest(conditions.map(rule)))).map(({ group }) => group).sort();
  beforeEach(async () => {
    await client.query(`
      INSERT INTO consumer_groups (
        cluster_id, name, verdict, cause, lag_messages, time_lag_ms, data_loss_seconds, evaluated_at, gone_at
      )
      VALUES
        (1, 'fine', 'ok', NULL, 5, 1000, NULL, now(), NULL),
        (1, 'late', 'warning', NULL, 5000, 700000, 9000, now(), NULL),
        (1, 'poisoned', 'stalled', 'poison_event', 40, 60000, 500000, now(), NULL),
        (1, 'gone', 'stalled', NULL, 40, 60000, NULL, now(), now()),
        (2, 'elsewhere', 'stalled', NULL, 40, 60000, NULL, now(), NULL)`);
  });
  for (const [when, expected] of [
    [{ kind: "verdict", verdicts: ["stalled", "stopped"] }, ["poisoned"]],
    [{ kind: "cause", causes: ["poison_event"] }, ["poisoned"]],
    [{ kind: "timeLagAbove", ms: 600_000 }, ["late"]],
    [{ kind: "lagAbove", messages: 39 }, ["late", "poisoned"]],
    [{ kind: "dataLossWithin", ms: 10_000_000 }, ["late"]],
  ] as const) {
    it(`may meet ${when.kind}`, async () => assert.deepEqual(await read(when), expected));
  }
  it("are also all that have an alert, whatever their figures", async () => {
    await writeAlerts(client, [anAlert({ subject: "fine" }), anAlert({ subject: "gone" })]);
    assert.deepEqual(await read({ kind: "verdict", verdicts: ["rewound"] }), ["fine"]);
  });
  it("count dead letters and error events of unknown groups, and of no group", async () => {
    await client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'dlt') ON CONFLICT DO NOTHING");
    await client.query(`
      INSERT INTO failures (
        cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, group_name,
        stored_at
      )
      SELECT 1, 1, 0, n, now() - interval '10 minutes', CASE WHEN n % 2 = 0 THEN 'error-event' ELSE 'f' END,
        'f', 't', CASE WHEN n < 6 THEN 'unknown' END,
        now() - CASE WHEN n < 3 THEN interval '5 minutes' ELSE interval '5 seconds' END
      FROM generate_series(0, 9) n
      ON CONFLICT DO NOTHING`);
    assert.deepEqual(await read({ kind: "deadLettersPerMinuteAbove", events: 2 }), ["", "unknown"]);
    assert.deepEqual(await read({ kind: "deadLettersPerMinuteAbove", events: 3 }), [""]);
  });
});

describe("clusters that rules are evaluated for", () => {
  const HOUR_MS = 3_600_000;
  const tap = (beatAgoMs: number, stopped = false) =>
    client.query(
      `
        INSERT INTO tap_processes (host, pid, version, started_at, heartbeat_at, stopped_at)
        VALUES ('h', 1, '0', $1, $2, $3)`,
      [new Date(NOW - HOUR_MS), new Date(Date.now() - beatAgoMs), stopped ? new Date() : null],
    );
  const read = async () =>
    (await readWatchedClusters(client, ["prod"], 5000)).map(
      ({ cluster, isRefused, reason, polledAtMs: polledAtMs, tapSinceMs }) => ({
        cluster,
        isRefused,
        reason,
        polledAtMs,
        tapSinceMs,
      }),
    );
  beforeEach(() => client.query("TRUNCATE tap_processes"));
  after(() => client.query("UPDATE clusters SET state = 'connecting', state_reason = NULL, inspected_at = NULL"));

  it("have the state that the taps reported, and since when a tap is running", async () => {
    assert.deepEqual(await read(), [
      { cluster: "prod", isRefused: false, reason: null, polledAtMs: null, tapSinceMs: null },
    ]);
    await client.query(
      "UPDATE clusters SET state = 'unreachable', state_reason = 'nothing listens', inspected_at = $1",
      [new Date(NOW)],
    );
    await tap(60_000);
    await tap(0, true);
    assert.deepEqual(
      await read(),
      [{ cluster: "prod", isRefused: true, reason: "nothing listens", polledAtMs: NOW, tapSinceMs: null }],
      "neither a silent tap nor a stopped one counts",
    );
    await tap(1000);
    assert.deepEqual(
      (await read()).map(({ tapSinceMs }) => tapSinceMs),
      [NOW - HOUR_MS],
    );
  });
});
