import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { dropPublisherRule, takeOverPublishers } from "#lib/commands/publishers.ts";
import { PublisherRule, PublishersView } from "#lib/contracts/publishers.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { readPublisherRules } from "#lib/store/publishers/rules-read.ts";
import { getPublishers } from "./publishers.ts";

const MIA = { name: "mia", role: "operator" } as const;

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await postgres.client.query(`
    INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka');
    INSERT INTO destinations (id, cluster_id, name, role, partition_count, gone_at)
    VALUES (1, 1, 'payments', 'event', 1, NULL), (2, 1, 'audit', 'event', 1, NULL), (3, 1, 'stock', 'event', 1, NULL),
      (4, 1, '__internal', 'internal', 1, NULL), (5, 1, 'gone', 'event', 1, now()), (6, 1, 'mixed', 'event', 1, NULL);
    INSERT INTO services (id, name) VALUES (1, 'pay');
    INSERT INTO consumer_groups (id, cluster_id, name) VALUES (9, 1, 'cg-3');
    INSERT INTO producers (cluster_id, producer_id, first_at, last_at, service_id, group_id)
    VALUES (1, 10, now(), now(), 1, NULL), (1, 11, now(), now(), NULL, 9), (1, 12, now(), now(), NULL, NULL);
    INSERT INTO producer_destinations (
      cluster_id, producer_id, destination_id, records, named_records, first_at, last_at
    )
    VALUES (1, 10, 1, 5, 5, now(), now()), (1, 10, 2, 3, 0, now(), now()), (1, 11, 3, 7, 0, now(), now()),
      (1, 11, 4, 7, 0, now(), now()), (1, 11, 5, 7, 0, now(), now()), (1, 12, 6, 2, 0, now(), now()),
      (1, -1, 6, 2, 0, now(), now())`);
});
after(() => postgres.stop());

async function read(producers: readonly { topic: string; service: string }[] = []) {
  const { prisma } = postgres.database;
  const answer = await getPublishers({
    prisma,
    readerOf: () => null,
    rules: { ...NO_RULES, producers },
    now: () => Date.now(),
    version: "test",
  });
  assert.ok(answer.ok);
  return PublishersView.parse(answer.value);
}
const offered = async (producers?: readonly { topic: string; service: string }[]) =>
  (await read(producers)).candidates.map(
    ({ name, evidence, rules }) =>
      `${name} (${evidence}): ${rules.map((rule) => `${rule.kind} ${rule.name}`).join(", ")}`,
  );

describe("publishers", () => {
  it("are offered with what they write alone and without a name; gone and internal topics are left out", async () => {
    assert.deepEqual(await offered(), ["pay (record): topic audit", "cg-3 (transaction): topic stock, group cg-3"]);
  });

  it("are not offered where the configuration names them", async () => {
    assert.deepEqual(await offered([{ topic: "s*", service: "x" }]), [
      "pay (record): topic audit",
      "cg-3 (transaction): group cg-3",
    ]);
  });

  it("count for the taps once they are taken over, until they are given up", async () => {
    const { prisma } = postgres.database;
    const rules = [
      { kind: "topic", name: "stock", service: "inventory" },
      { kind: "group", name: "cg-3", service: "inventory" },
    ] as const;
    assert.ok((await takeOverPublishers({ prisma }, rules, MIA)).ok);
    assert.deepEqual(await readPublisherRules(postgres.client), rules.toReversed());
    assert.deepEqual(await offered(), ["pay (record): topic audit"]);
    assert.deepEqual(
      (await read()).rules.map(({ kind, name, service, createdBy }) => [kind, name, service, createdBy]),
      [
        ["topic", "stock", "inventory", "mia"],
        ["group", "cg-3", "inventory", "mia"],
      ],
    );
    assert.ok((await dropPublisherRule({ prisma }, rules[0], MIA)).ok);
    assert.equal((await dropPublisherRule({ prisma }, rules[0], MIA)).ok, false);
    assert.deepEqual(await readPublisherRules(postgres.client), [rules[1]]);
    const { rows } = await postgres.client.query("SELECT action, target FROM audit_entries ORDER BY id");
    assert.deepEqual(rows, [
      { action: "publisher.take-over", target: "topic/stock" },
      { action: "publisher.take-over", target: "group/cg-3" },
      { action: "publisher.give-up", target: "topic/stock" },
    ]);
  });

  it("are no patterns, and bounded in number", async () => {
    for (const name of ["a*", "?", ""])
      assert.equal(PublisherRule.safeParse({ kind: "group", name, service: "x" }).success, false);
    const { prisma } = postgres.database;
    await postgres.client.query(`
      INSERT INTO publisher_rules (kind, name, service, created_by)
      SELECT 'topic', 't' || i, 's', 'test'
      FROM generate_series(1, 1999) i`);
    const answer = await takeOverPublishers({ prisma }, [{ kind: "topic", name: "more", service: "s" }], MIA);
    assert.equal(!answer.ok && answer.error.code, "conflict");
  });
});
