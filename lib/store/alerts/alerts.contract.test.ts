import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import type { AlertMessage } from "#lib/domain/alert/message.ts";
import type { AlertRule } from "#lib/domain/alert/rule.ts";
import type { AlertLife } from "#lib/domain/alert/state.ts";
import { createSilence, endSilence, retryDelivery } from "./alerts-change.ts";
import {
  deleteOldAlerts,
  dropAlerts,
  loosest,
  readActiveAlerts,
  readWatchedGroups,
  readWatchedClusters,
  readSilences,
  writeAlerts,
  type AlertWrite,
} from "./alerts-write.ts";
import {
  joinDelivery,
  putDelivery,
  readAlreadySent,
  settleDelivery,
  takeDelivery,
  type NewDelivery,
  type TakenDelivery,
} from "./outbox.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/transaction.ts";

let postgres: MigratedPostgres;
let database: Database;
let client: pg.Client;

before(async () => {
  postgres = await startMigratedPostgres();
  ({ database, client } = postgres);
  await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka'), (2, 'old', 'kafka')");
});
after(() => postgres.stop());
beforeEach(() =>
  client.query(
    "TRUNCATE alerts, alert_deliveries, alert_silences, consumer_groups, audit_entries RESTART IDENTITY CASCADE",
  ),
);

const NOW = Date.now();
const OPERATOR = { name: "ops", role: "operator" } as const;
const message: AlertMessage = {
  kind: "firing",
  rule: "stuck",
  severity: "critical",
  title: "t",
  sentence: "s",
  url: "u",
  total: 1,
  alerts: [],
};
const put = (change: Partial<NewDelivery> = {}) =>
  putDelivery(client, {
    channel: "ops",
    kind: "firing",
    dedupKey: "k",
    alertIds: [1],
    message,
    status: "pending",
    dueAt: new Date(0),
    ...change,
  });
async function take(
  limit = 10,
  full: string[] = [],
  leaseMs = 60_000,
  inHand: bigint[] = [],
): Promise<TakenDelivery[]> {
  const taken: TakenDelivery[] = [];
  for (
    let one = await takeDelivery(client, full, inHand, leaseMs);
    one !== null;
    one = taken.length < limit ? await takeDelivery(client, full, inHand, leaseMs) : null
  )
    taken.push(one);
  return taken;
}
const life = (change: Partial<AlertLife> = {}): AlertLife => ({
  state: "pending",
  pendingAtMs: NOW,
  firedAtMs: null,
  clearedAtMs: null,
  resolvedAtMs: null,
  ...change,
});
const anAlert = (change: Partial<AlertWrite> = {}): AlertWrite => ({
  id: null,
  rule: "stuck",
  clusterId: 1,
  subject: "payments",
  life: life(),
  severity: "critical",
  detail: {
    about: "group",
    cluster: "prod",
    group: "payments",
    verdict: "stalled",
    cause: null,
    title: "t",
    sentence: 'it\'s "so"\\',
    facts: [],
    incidentId: null,
  },
  ...change,
});
const firing = (change: Partial<AlertLife> = {}) => life({ state: "firing", firedAtMs: NOW, ...change });

describe("the outbox", () => {
  it("holds nothing of a transaction that did not end, and all of one that did", async () => {
    await assert.rejects(
      inTransaction(client, async () => {
        await writeAlerts(client, [anAlert({ life: firing() })]);
        await put();
        throw new Error("killed");
      }),
    );
    assert.deepEqual([(await readActiveAlerts(client)).length, (await take()).length], [0, 0]);
    await inTransaction(client, async () => {
      await writeAlerts(client, [anAlert({ life: firing() })]);
      await put();
    });
    assert.deepEqual([(await readActiveAlerts(client)).length, (await take()).length], [1, 1]);
  });
  it("gives a message to one attempt at a time, and again when the one who took it was never heard of", async () => {
    await put();
    assert.equal((await take(1, [], 50))[0]?.attempts, 1);
    assert.equal((await take()).length, 0);
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.equal((await take(10, [], 60_000, [1n])).length, 0, "in hand still");
    const [again] = await take();
    assert.deepEqual([again?.attempts, again?.dedupKey], [2, "k"]);
  });
  it("is not told of a failure by an attempt that another has followed, but is of a success", async () => {
    await put();
    const [first] = await take(1, [], 0);
    const [second] = await take(1, [], 60_000);
    assert.ok(first !== undefined && second !== undefined);
    await settleDelivery(database.pool, first, { status: "failed", error: "late", pauseMs: 0 });
    assert.equal(
      (await client.query<{ status: string }>("SELECT status FROM alert_deliveries")).rows[0]?.status,
      "pending",
    );
    await settleDelivery(database.pool, first, { status: "sent", error: null, pauseMs: 0 });
    await settleDelivery(database.pool, second, { status: "failed", error: "late", pauseMs: 0 });
    assert.equal(
      (await client.query<{ status: string }>("SELECT status FROM alert_deliveries")).rows[0]?.status,
      "sent",
    );
  });
  it("keeps the messages of one key in their order, and lets other channels and keys pass", async () => {
    await put();
    await put({ kind: "resolved" });
    await put({ channel: "mail" });
    await put({ dedupKey: "other" });
    assert.deepEqual((await take()).map(({ channel, dedupKey, kind }) => `${channel} ${dedupKey} ${kind}`).sort(), [
      "mail k firing",
      "ops k firing",
      "ops other firing",
    ]);
  });
  it("leaves out channels that are full, what is not due and what a silence held back", async () => {
    await put({ channel: "full" });
    await put({ dueAt: new Date(Date.now() + 60_000), dedupKey: "later" });
    await put({ status: "silenced", dedupKey: "quiet" });
    await put({ dedupKey: "due" });
    assert.deepEqual(
      (await take(10, ["full"])).map(({ dedupKey }) => dedupKey),
      ["due"],
    );
  });
  it("lets others join a message only until it is tried", async () => {
    await put({ dueAt: new Date(Date.now() + 60_000) });
    const [open] = await readAlreadySent(client, [1], new Date(0));
    assert.deepEqual([open?.open, open?.alertIds, open?.rule], [true, [1], "stuck"]);
    assert.equal(await joinDelivery(client, open?.deliveryId ?? 0n, [1, 2], message), true);
    await client.query("UPDATE alert_deliveries SET next_at = now()");
    await take();
    assert.equal(await joinDelivery(client, open?.deliveryId ?? 0n, [1, 2, 3], message), false);
    assert.deepEqual(
      (await readAlreadySent(client, [2], new Date(0))).map(({ alertIds, open: still, waiting }) => [
        alertIds,
        still,
        waiting,
      ]),
      [[[1, 2], false, true]],
    );
  });
  it("knows a key's repeats as one", async () => {
    await put();
    await put({ alertIds: [1] });
    await client.query("UPDATE alert_deliveries SET status = 'failed' WHERE id = 1");
    assert.deepEqual(
      (await readAlreadySent(client, [1, 9], new Date(0))).map(({ dedupKey, failed, waiting }) => [
        dedupKey,
        failed,
        waiting,
      ]),
      [["k", false, true]],
    );
    assert.deepEqual(await readAlreadySent(client, [7], new Date(0)), []);
  });
  it("is tried again by hand only where it was given up and what it tells still is", async () => {
    await writeAlerts(client, [anAlert({ life: firing() })]);
    await put();
    const retry = () => retryDelivery(database.prisma, 1n, new Date(), OPERATOR);
    assert.equal(await retry(), "not_failed");
    await client.query("UPDATE alert_deliveries SET status = 'failed'");
    assert.equal(await retry(), "queued");
    await client.query("UPDATE alert_deliveries SET status = 'failed'");
    await client.query("UPDATE alerts SET state = 'resolved'");
    assert.equal(await retry(), "over");
    assert.equal(await retryDelivery(database.prisma, 9n, new Date(), OPERATOR), "not_found");
  });
});

describe("alerts", () => {
  it("are written as given, and answer with their ids in that order", async () => {
    const ids = await writeAlerts(client, [anAlert(), anAlert({ subject: "b\\'\"{}", life: firing() })]);
    assert.deepEqual(ids, [1, 2]);
    assert.deepEqual(
      await writeAlerts(client, [
        anAlert({ subject: "c" }),
        anAlert({ id: 1, life: firing(), severity: null, detail: null }),
      ]),
      [3, 1],
    );
    const active = await readActiveAlerts(client);
    assert.deepEqual(
      active.map(({ subject, life: { state }, severity, detail }) => [subject, state, severity, detail.sentence]),
      [
        ["payments", "firing", "critical", 'it\'s "so"\\'],
        ["b\\'\"{}", "firing", "critical", 'it\'s "so"\\'],
        ["c", "pending", "critical", 'it\'s "so"\\'],
      ],
    );
    await dropAlerts(client, [1, 3]);
    assert.deepEqual(
      (await readActiveAlerts(client)).map(({ id }) => id),
      [1, 2],
    );
  });
  it("are kept with their log while they fire, and go when they are long over", async () => {
    await writeAlerts(client, [
      anAlert({ life: firing() }),
      anAlert({ subject: "b", life: firing({ state: "resolved", resolvedAtMs: 1000 }) }),
    ]);
    await put({ alertIds: [1] });
    await put({ alertIds: [2] });
    await client.query("UPDATE alert_deliveries SET status = 'sent', created_at = '2020-01-01'");
    await deleteOldAlerts(client, 30);
    assert.deepEqual(
      (await client.query<{ id: number }>("SELECT id FROM alerts")).rows.map(({ id }) => id),
      [1],
    );
    assert.deepEqual(
      (await client.query<{ alert_ids: number[] }>("SELECT alert_ids FROM alert_deliveries")).rows.map(
        (row) => row.alert_ids,
      ),
      [[1]],
    );
  });
});

describe("standings", () => {
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
    it(`of ${when.kind} are those that may meet it`, async () => assert.deepEqual(await read(when), expected));
  }
  it("are read of every group that has an alert, whatever its figures", async () => {
    await writeAlerts(client, [anAlert({ subject: "fine" }), anAlert({ subject: "gone" })]);
    assert.deepEqual(await read({ kind: "verdict", verdicts: ["rewound"] }), ["fine"]);
  });
  it("count dead letters and error events of groups the broker does not know, and of those that name none", async () => {
    await client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'dlt') ON CONFLICT DO NOTHING");
    await client.query(`
      INSERT INTO failures (
        cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, group_name,
        stored_at
      )
      SELECT 1, 1, 0, n, now() - CASE WHEN n < 3 THEN interval '5 minutes' ELSE interval '5 seconds' END,
        CASE WHEN n % 2 = 0 THEN 'error-event' ELSE 'f' END, 'f', 't', CASE WHEN n < 6 THEN 'unknown' END,
        now()
      FROM generate_series(0, 9) n
      ON CONFLICT DO NOTHING`);
    assert.deepEqual(await read({ kind: "deadLettersPerMinuteAbove", events: 2 }), ["", "unknown"]);
    assert.deepEqual(await read({ kind: "deadLettersPerMinuteAbove", events: 3 }), [""]);
  });
});

describe("clusters", () => {
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
      ({ cluster, isRefused, reason, lookedAtMs, tapSinceMs }) => ({
        cluster,
        isRefused,
        reason,
        lookedAtMs,
        tapSinceMs,
      }),
    );
  beforeEach(() => client.query("TRUNCATE tap_processes"));
  after(() => client.query("UPDATE clusters SET state = 'connecting', state_reason = NULL, inspected_at = NULL"));

  it("are there with what the taps said of them, and since when one could have looked", async () => {
    assert.deepEqual(await read(), [
      { cluster: "prod", isRefused: false, reason: null, lookedAtMs: null, tapSinceMs: null },
    ]);
    await client.query(
      "UPDATE clusters SET state = 'unreachable', state_reason = 'nothing listens', inspected_at = $1",
      [new Date(NOW)],
    );
    await tap(60_000);
    await tap(0, true);
    assert.deepEqual(
      await read(),
      [{ cluster: "prod", isRefused: true, reason: "nothing listens", lookedAtMs: NOW, tapSinceMs: null }],
      "neither one that is silent nor one that has stopped",
    );
    await tap(1000);
    assert.deepEqual(
      (await read()).map(({ tapSinceMs }) => tapSinceMs),
      [NOW - HOUR_MS],
    );
  });
});

describe("silences", () => {
  it("hold until they end by themselves or by hand, and are audited", async () => {
    const until = new Date(Date.now() + 60_000);
    const { id } = await createSilence(
      database.prisma,
      { rule: "*", cluster: "*", group: "pay*", until, reason: "deploy" },
      OPERATOR,
    );
    assert.deepEqual(
      (await readSilences(client)).map((one) => [one.group, one.untilMs]),
      [["pay*", until.getTime()]],
    );
    assert.equal(await endSilence(database.prisma, id, new Date(), OPERATOR), true);
    assert.equal(await endSilence(database.prisma, id, new Date(), OPERATOR), false);
    assert.deepEqual(await readSilences(client), []);
    assert.deepEqual(
      (await client.query<{ action: string }>("SELECT action FROM audit_entries ORDER BY id")).rows.map(
        ({ action }) => action,
      ),
      ["alert.silence", "alert.silence.end"],
    );
  });
});
