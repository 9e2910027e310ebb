import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { readActiveAlerts, readSilences } from "./active-alerts-read.ts";
import { createSilence, endSilence } from "./alerts-change.ts";
import { deleteOldAlerts, dropAlerts, writeAlerts } from "./alerts-write.ts";
import { aDelivery, anAlert, firing, OPERATOR } from "./an-alert.test-data.ts";
import { putDelivery, type NewDelivery } from "./outbox.ts";

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

const put = (change: Partial<NewDelivery> = {}) => putDelivery(client, aDelivery(change));

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

describe("silences", () => {
  it("are active until they end by themselves or by hand, and are audited", async () => {
    const until = new Date(Date.now() + 60_000);
    const { id } = await createSilence(
      postgres.database.prisma,
      { rule: "*", cluster: "*", group: "pay*", until, reason: "deploy" },
      OPERATOR,
    );
    assert.deepEqual(
      (await readSilences(client)).map((one) => [one.group, one.untilMs]),
      [["pay*", until.getTime()]],
    );
    assert.equal(await endSilence(postgres.database.prisma, id, new Date(), OPERATOR), true);
    assert.equal(await endSilence(postgres.database.prisma, id, new Date(), OPERATOR), false);
    assert.deepEqual(await readSilences(client), []);
    assert.deepEqual(
      (await client.query<{ action: string }>("SELECT action FROM audit_entries ORDER BY id")).rows.map(
        ({ action }) => action,
      ),
      ["alert.silence", "alert.silence.end"],
    );
  });
});
