import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { retryDelivery } from "./alerts-change.ts";
import { writeAlerts } from "./alerts-write.ts";
import { aDelivery, anAlert, firing, OPERATOR } from "./an-alert.test-data.ts";
import { putDelivery, settleDelivery, takeDelivery, type NewDelivery, type TakenDelivery } from "./outbox.ts";
import { inTransaction } from "../db/transaction.ts";
import { readActiveAlerts } from "./active-alerts-read.ts";

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
/** Ends every lease, as time does. */
const endLeases = () => client.query("UPDATE alert_deliveries SET next_at = now()");

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
  it("gives a message to one attempt at a time, and again when its lease is over", async () => {
    await put();
    assert.equal((await take(1, [], 60_000))[0]?.attempts, 1);
    assert.equal((await take()).length, 0);
    const { rows } = await client.query<{ leased: boolean }>(`
      SELECT next_at > now() AND next_at <= now() + interval '60 s' AS leased
      FROM alert_deliveries`);
    assert.deepEqual(rows, [{ leased: true }]);
    await endLeases();
    assert.equal((await take(10, [], 60_000, [1n])).length, 0, "still in hand");
    const [again] = await take();
    assert.deepEqual([again?.attempts, again?.dedupKey], [2, "k"]);
  });
  it("ignores the failure of an attempt that another has followed, but not its success", async () => {
    await put();
    const [first] = await take(1, [], 0);
    const [second] = await take(1, [], 60_000);
    assert.ok(first !== undefined && second !== undefined);
    await settleDelivery(postgres.database.pool, first, { status: "failed", error: "late", pauseMs: 0 });
    assert.equal(
      (await client.query<{ status: string }>("SELECT status FROM alert_deliveries")).rows[0]?.status,
      "pending",
    );
    await settleDelivery(postgres.database.pool, first, { status: "sent", error: null, pauseMs: 0 });
    await settleDelivery(postgres.database.pool, second, { status: "failed", error: "late", pauseMs: 0 });
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
  it("skips channels that are full, messages that are not due and those held back by a silence", async () => {
    await put({ channel: "full" });
    await put({ dueAt: new Date(Date.now() + 60_000), dedupKey: "later" });
    await put({ status: "silenced", dedupKey: "quiet" });
    await put({ dedupKey: "due" });
    assert.deepEqual(
      (await take(10, ["full"])).map(({ dedupKey }) => dedupKey),
      ["due"],
    );
  });
  it("is tried again by hand only if it was given up and its alert is still firing", async () => {
    await writeAlerts(client, [anAlert({ life: firing() })]);
    await put();
    const retry = () => retryDelivery(postgres.database.prisma, 1n, new Date(), OPERATOR);
    assert.equal(await retry(), "not_failed");
    await client.query("UPDATE alert_deliveries SET status = 'failed'");
    assert.equal(await retry(), "queued");
    await client.query("UPDATE alert_deliveries SET status = 'failed'");
    await client.query("UPDATE alerts SET state = 'resolved'");
    assert.equal(await retry(), "over");
    assert.equal(await retryDelivery(postgres.database.prisma, 9n, new Date(), OPERATOR), "not_found");
  });
});
