import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { FlowtapConfig } from "#lib/config/schema.ts";
import { readHeldUpWork } from "#lib/store/background-work.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { WorkNotes } from "../work-notes.ts";
import { evaluateAlerts } from "./evaluate.ts";

const CONFIG = FlowtapConfig.parse({
  database: { url: "postgresql://127.0.0.1:9/unused" },
  clusters: [{ name: "prod", brokers: ["127.0.0.1:9"] }],
  alerts: {
    channels: [{ name: "hook", kind: "webhook", url: "http://127.0.0.1:9/" }],
    rules: [
      {
        name: "stuck",
        severity: "critical",
        group: "*",
        when: { verdict: ["stalled"] },
        for: "0s",
        channels: ["hook"],
      },
      {
        name: "dead letters",
        severity: "warning",
        group: "*",
        when: { deadLettersPerMinuteAbove: 0 },
        for: "0s",
        channels: ["hook"],
      },
    ],
  },
});
const log = openLog("test");
log.level = "silent";

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await postgres.client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka')");
});
after(() => postgres.stop());
beforeEach(() =>
  postgres.client.query("TRUNCATE alerts, alert_deliveries, consumer_groups, failures, background_work CASCADE"),
);

const stalled = (name: string, cause: string | null = null, detail: object | null = null) =>
  postgres.client.query(
    `
      INSERT INTO consumer_groups (cluster_id, name, verdict, cause, cause_detail, reason, evaluated_at)
      VALUES (1, $1, 'stalled', $2, $3, 'has not moved', now())`,
    [name, cause, detail],
  );
const firing = async () => {
  const { rows } = await postgres.client.query<{ subject: string; summary: string }>(
    "SELECT subject, summary FROM alerts WHERE state = 'firing' ORDER BY subject",
  );
  return rows;
};

describe("alert rules", () => {
  it("fire for a group whatever its name is, and for the others beside it", async () => {
    const odd = `a${"\u{1f600}".repeat(260)}`;
    await stalled(odd);
    await stalled("payments");
    await evaluateAlerts(postgres.client, CONFIG, log);
    assert.deepEqual(
      (await firing()).map(({ subject }) => subject),
      [odd, "payments"],
    );
    const { rows } = await postgres.client.query<{ alerts: number }>(
      "SELECT cardinality(alert_ids) AS alerts FROM alert_deliveries",
    );
    assert.deepEqual(rows, [{ alerts: 2 }]);
  });

  it("fire for a group whose finding cannot be told", async () => {
    await stalled("old", "poison_event", { cause: "poison_event", facts: 7 });
    await stalled("payments");
    await evaluateAlerts(postgres.client, CONFIG, log);
    const [old, payments] = await firing();
    assert.match(old?.summary ?? "", /details could not be put into words/);
    assert.doesNotMatch(payments?.summary ?? "", /details/);
  });

  it("fire for a group whose details Postgres refuses, without them", async () => {
    await postgres.client.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.subject = 'refused' AND NEW.summary NOT LIKE '%put into words%' THEN
          RAISE EXCEPTION 'untranslatable' USING ERRCODE = '22P05';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION refuse()`);
    try {
      for (const name of ["payments", "refused", "shipping"]) await stalled(name);
      await evaluateAlerts(postgres.client, CONFIG, log);
      assert.deepEqual(
        (await firing()).map(({ subject, summary }) => [subject, summary.includes("put into words")]),
        [
          ["payments", false],
          ["refused", true],
          ["shipping", false],
        ],
      );
    } finally {
      await postgres.client.query("DROP TRIGGER refuse ON alerts; DROP FUNCTION refuse");
    }
  });

  it("count dead letters by when they were stored, but not a history", async () => {
    await postgres.client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'dlt')");
    const deadLetters = (group: string, failedAgo: string, storedAgo: string) =>
      postgres.client.query(
        `
          INSERT INTO failures (
            cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, group_name,
            stored_at
          )
          SELECT 1, 1, 0, (SELECT count(*) FROM failures) + n, now() - $2::interval, 'f', 'f', 't', $1,
            now() - $3::interval
          FROM generate_series(1, 100) n`,
        [group, failedAgo, storedAgo],
      );
    await deadLetters("stamped 5 minutes ago", "5 minutes", "5 seconds");
    await deadLetters("stamped ahead", "-10 minutes", "5 seconds");
    await deadLetters("stored 5 minutes ago", "5 seconds", "5 minutes");
    await deadLetters("of a history", "3 days", "5 seconds");
    await evaluateAlerts(postgres.client, CONFIG, log);
    assert.deepEqual(
      (await firing()).map(({ subject }) => subject),
      ["stamped 5 minutes ago", "stamped ahead"],
    );
  });
});

describe("what the taps do beside reading", () => {
  const heldUp = async () =>
    (await readHeldUpWork(postgres.database.prisma)).map(({ kind, cluster, reason }) => [kind, cluster, reason]);
  const minutesPass = (column: "held_since" | "due_at") =>
    postgres.client.query(`UPDATE background_work SET ${column} = ${column} - interval '2 minutes'`);

  it("is told when it fails for some time, until it is done", async () => {
    const notes = new WorkNotes(postgres.database.pool, { kind: "monitor", clusterId: 1 });
    await notes.heldUp(new Error(`no answer from ${"x".repeat(1000)}\ud800`));
    await notes.heldUp(new Error("no answer"));
    assert.deepEqual(await heldUp(), []);
    await minutesPass("held_since");
    assert.deepEqual(await heldUp(), [["monitor", "prod", "no answer"]]);
    await notes.done(1000);
    assert.deepEqual(await heldUp(), []);
  });

  it("is told when nobody has done it or said why", async () => {
    const notes = new WorkNotes(postgres.database.pool, { kind: "alert_rules", clusterId: 0 });
    await notes.done(3000);
    assert.deepEqual(await heldUp(), []);
    await minutesPass("due_at");
    assert.deepEqual(await heldUp(), [["alert_rules", null, null]]);
  });
});
