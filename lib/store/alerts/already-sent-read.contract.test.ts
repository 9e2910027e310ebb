import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { readAlreadySent } from "./already-sent-read.ts";
import { aDelivery, message } from "./an-alert.test-data.ts";
import { joinDelivery, putDelivery, takeDelivery } from "./outbox.ts";

let postgres: MigratedPostgres;
let client: pg.Client;

before(async () => {
  postgres = await startMigratedPostgres();
  ({ client } = postgres);
});
after(() => postgres.stop());
beforeEach(() => client.query("TRUNCATE alert_deliveries RESTART IDENTITY"));

describe("what was already sent", () => {
  it("lets others join a message only until it is tried", async () => {
    await putDelivery(client, aDelivery({ dueAt: new Date(Date.now() + 60_000) }));
    const [open] = await readAlreadySent(client, [1], new Date(0));
    assert.deepEqual([open?.open, open?.alertIds, open?.rule], [true, [1], "stuck"]);
    assert.equal(await joinDelivery(client, open?.deliveryId ?? 0n, [1, 2], message), true);
    await client.query("UPDATE alert_deliveries SET next_at = now()");
    await takeDelivery(client, [], [], 60_000);
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
    await putDelivery(client, aDelivery());
    await putDelivery(client, aDelivery({ alertIds: [1] }));
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
});
