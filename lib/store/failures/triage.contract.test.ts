import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import {
  mergeFailures,
  noteFailures,
  reopenFailures,
  resolveFailures,
  snoozeFailures,
  splitFailures,
} from "#lib/commands/failures.ts";
import { FailureQuery, FailuresQuery } from "#lib/contracts/failures.ts";
import { getFailureFates, getFailureSpread } from "#lib/queries/failure-spread.ts";
import { getFailureGroup, listFailures } from "#lib/queries/failures.ts";
import { getPulse } from "#lib/queries/pulse.ts";
import { readDeadLettersToReplay } from "../replays/select.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import type { PrismaClient } from "../db/database.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 21, 12);
const OPS = { name: "mia", role: "operator" } as const;
const WHY = { reason: "fixed in 1.4" };

describe("what people decide about failures", () => {
  let postgres: MigratedPostgres;
  let client: pg.Client;
  let prisma: PrismaClient;
  let position = 0;

  before(async () => {
    postgres = await startMigratedPostgres();
    ({ client } = postgres);
    ({ prisma } = postgres.database);
    await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'test', 'kafka')");
    await client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'orders-dlt')");
    await client.query("INSERT INTO consumer_groups (id, cluster_id, name) VALUES (1, 1, 'payments')");
    await client.query("INSERT INTO services (id, name) VALUES (1, 'shop')");
    await client.query(
      "INSERT INTO event_types (id, name, schema_version) VALUES (1, 'order.placed', '1'), (2, 'order.placed', '2')",
    );
  });
  after(() => postgres.stop());
  beforeEach(() =>
    client.query(
      "TRUNCATE failures, aged_failures, failure_triages, failure_notes, group_events, replay_items, replay_runs, audit_entries",
    ),
  );

  /** `count` dead letters, the last of them `agoMs` before now and each a second earlier than the next. */
  const fail = (
    fingerprint: string,
    count: number,
    agoMs: number,
    { status = "open", type = 1, format = "spring-kafka" } = {},
  ) =>
    client.query(
      `
        INSERT INTO failures (
          cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
          original_destination, group_name, type_id, service_id, status, stored_at
        )
        SELECT 1, 1, 0, $1::bigint + n, $2::timestamptz - n * interval '1 second', $7, $3, 'Broken ' || $3,
          'orders', 'payments', $5, 1, $4, $2
        FROM generate_series(1, $6::int) n`,
      [(position += 1000), new Date(NOW_MS - agoMs), fingerprint, status, type, count, format],
    );
  const at = (nowMs: number) => ({ prisma, now: () => nowMs, readerOf: () => null, rules: NO_RULES, version: "" });
  const list = async (query: Partial<FailuresQuery> = {}, nowMs = NOW_MS) => {
    const found = await listFailures(at(nowMs), FailuresQuery.parse(query));
    assert.ok(found.ok);
    return found.value.items;
  };
  const names = async (query: Partial<FailuresQuery> = {}, nowMs = NOW_MS) =>
    (await list(query, nowMs)).map((row) => row.fingerprint).sort();
  const detail = async (fingerprint: string, nowMs = NOW_MS) => {
    const found = await getFailureGroup(at(nowMs), { fingerprint, query: FailureQuery.parse({}) });
    assert.ok(found.ok);
    return found.value;
  };
  const done = async (deed: ReturnType<typeof resolveFailures>) => {
    const said = await deed;
    assert.ok(said.ok, said.ok ? "" : said.error.message);
    return said.value;
  };

  it("is resolved with every dead letter but those in a running replay", async () => {
    await fail("a", 5, HOUR_MS);
    await fail("b", 1, HOUR_MS);
    const held = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "a" } });
    const run = await prisma.replayRun.create({
      data: { kind: "redrive", status: "running", clusterId: 1, plan: {}, createdBy: "mia", reason: "x" },
    });
    await prisma.replayItem.create({
      data: {
        runId: run.id,
        seq: 0,
        failureId: held.id,
        sourceTopic: "orders-dlt",
        sourcePartition: 0,
        sourceOffset: held.position,
        targetTopic: "orders",
      },
    });
    assert.deepEqual(await done(resolveFailures({ prisma }, "a", WHY, OPS, NOW_MS)), { fingerprint: "a", events: 4 });
    assert.deepEqual(
      (await list({ state: "open" })).map(({ fingerprint, open, state }) => [fingerprint, open, state]),
      [
        ["a", 1, "open"],
        ["b", 1, "open"],
      ],
    );
    await prisma.replayRun.update({ where: { id: run.id }, data: { status: "completed" } });
    await done(resolveFailures({ prisma }, "a", WHY, OPS, NOW_MS));
    assert.deepEqual(
      [await names({ state: "open" }), await names({ state: "resolved" }), await names()],
      [["b"], ["a"], ["a", "b"]],
    );
    const audited = await prisma.auditEntry.findMany({ orderBy: { id: "asc" } });
    assert.deepEqual(
      audited.map(({ actor, action, target, reason }) => [actor, action, target, reason]),
      [
        ["mia", "failure.resolve", "failure/a", "fixed in 1.4"],
        ["mia", "failure.resolve", "failure/a", "fixed in 1.4"],
      ],
    );
  });

  it("comes back with the next dead letter, and says after whom", async () => {
    await fail("a", 3, 2 * HOUR_MS);
    await done(resolveFailures({ prisma }, "a", WHY, OPS, NOW_MS - HOUR_MS));
    await fail("a", 2, 0);
    const [row] = await list({ state: "open" });
    assert.deepEqual(
      [
        row?.open,
        row?.state,
        row?.triage?.reopened,
        row?.triage?.changedBy,
        row?.triage?.eventsSince,
        row?.triage?.changedAt,
        row?.triage?.cameBackAt,
      ],
      [
        2,
        "open",
        "came_back",
        "mia",
        2,
        new Date(NOW_MS - HOUR_MS).toISOString(),
        new Date(NOW_MS - 2000).toISOString(),
      ],
    );
  });

  it("is reopened with what was resolved by hand, not with what was sent again", async () => {
    await fail("a", 3, HOUR_MS);
    const sent = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "a" } });
    const run = await prisma.replayRun.create({
      data: { kind: "redrive", status: "completed", clusterId: 1, plan: {}, createdBy: "mia", reason: "x" },
    });
    await prisma.replayItem.create({
      data: {
        runId: run.id,
        seq: 0,
        failureId: sent.id,
        sourceTopic: "orders-dlt",
        sourcePartition: 0,
        sourceOffset: sent.position,
        targetTopic: "orders",
        status: "sent",
      },
    });
    await done(resolveFailures({ prisma }, "a", WHY, OPS, NOW_MS));
    assert.deepEqual(await done(reopenFailures({ prisma }, "a", WHY, OPS, NOW_MS)), { fingerprint: "a", events: 2 });
    assert.deepEqual(
      (await list({ state: "open" })).map(({ open, triage: care }) => [open, care]),
      [[2, null]],
    );
  });

  it("is out of sight until its time, or until it is worse", async () => {
    await fail("a", 4, HOUR_MS);
    await fail("calm", 20, HOUR_MS + 60_000);
    const until = new Date(NOW_MS + 8 * HOUR_MS).toISOString();
    for (const fingerprint of ["a", "calm"])
      await done(snoozeFailures({ prisma }, fingerprint, { until, ...WHY }, OPS, NOW_MS - HOUR_MS / 2));
    assert.deepEqual([await names({ state: "open" }), await names({ state: "snoozed" })], [[], ["a", "calm"]]);
    for (const fingerprint of ["a", "calm"]) await fail(fingerprint, 10, 0);
    assert.deepEqual([await names({ state: "open" }), await names({ state: "snoozed" })], [["a"], ["calm"]]);
    assert.equal((await list({ state: "open" }))[0]?.triage?.reopened, "got_worse");
    const later = NOW_MS + 9 * HOUR_MS;
    assert.deepEqual(
      (await list({ state: "open" }, later)).map(({ fingerprint, triage: care }) => [fingerprint, care?.reopened]),
      [
        ["a", "snooze_over"],
        ["calm", "snooze_over"],
      ],
    );
    const past = await snoozeFailures({ prisma }, "a", { until: new Date(NOW_MS).toISOString(), ...WHY }, OPS, NOW_MS);
    assert.equal(past.ok ? "" : past.error.fields?.[0]?.path, "until");
  });

  it("is not counted beside the menu while it is out of sight, nor what is merged into it", async () => {
    const counted = async (nowMs = NOW_MS) => (await getPulse(at(nowMs))).pulse.counts.failuresOpen;
    await fail("a", 4, HOUR_MS);
    await fail("merged", 3, HOUR_MS);
    await fail("done", 2, HOUR_MS);
    await fail("b", 1, HOUR_MS);
    await done(mergeFailures({ prisma }, "merged", { into: "a", ...WHY }, OPS, NOW_MS));
    await done(resolveFailures({ prisma }, "done", WHY, OPS, NOW_MS));
    assert.equal(await counted(), 8);
    await done(
      snoozeFailures({ prisma }, "a", { until: new Date(NOW_MS + HOUR_MS).toISOString(), ...WHY }, OPS, NOW_MS),
    );
    assert.deepEqual([await counted(), await counted(NOW_MS + 2 * HOUR_MS)], [1, 8]);
  });

  it("is of one kind: dead letters, or events that tell of an error themselves", async () => {
    await fail("letter", 1, 0);
    await fail("told", 2, 0, { format: "error-event" });
    await client.query(
      "INSERT INTO aged_failures VALUES ('old-told', 'x', 'error-event', NULL, NULL, $1, $1, 1, 1, '{}', '{}', '{}')",
      [new Date(NOW_MS - HOUR_MS)],
    );
    assert.deepEqual(
      [await names({ kind: "dead_letter" }), await names({ kind: "error_event" }), await names()],
      [["letter"], ["old-told", "told"], ["letter", "old-told", "told"]],
    );
    assert.deepEqual((await list()).map(({ fingerprint, kind }) => [fingerprint, kind]).sort(), [
      ["letter", "dead_letter"],
      ["old-told", "error_event"],
      ["told", "error_event"],
    ]);
    const letters = await readDeadLettersToReplay(
      prisma,
      { by: "failures", ids: (await prisma.failure.findMany()).map(({ id }) => id) },
      10,
    );
    assert.deepEqual(
      letters.map(({ isErrorEvent, isDeadLetter }) => [isErrorEvent, isDeadLetter]),
      [
        [false, true],
        [true, false],
        [true, false],
      ],
    );
  });

  it("is shown as one with what it was merged into, until it is split off", async () => {
    await fail("a", 3, HOUR_MS);
    await fail("b", 2, 2 * HOUR_MS, { type: 2 });
    await fail("c", 1, 0);
    await client.query(
      `
        INSERT INTO aged_failures
        VALUES ('b', 'Broken b', 'spring-kafka', NULL, NULL, $1, $1, 7, 4, '{payments,old}', '{orders}', '{}')`,
      [new Date(NOW_MS - 3 * HOUR_MS)],
    );
    await done(noteFailures({ prisma }, "b", { text: "<b>the old one</b>\u0000" }, OPS, NOW_MS - 1));
    await done(mergeFailures({ prisma }, "b", { into: "a", ...WHY }, OPS, NOW_MS));
    assert.deepEqual(await done(mergeFailures({ prisma }, "a", { into: "c", ...WHY }, OPS, NOW_MS)), {
      fingerprint: "c",
      events: 0,
    });
    const [row, ...more] = await list();
    assert.deepEqual(more, []);
    assert.deepEqual(
      [row?.fingerprint, row?.title, row?.events, row?.open, row?.merged, row?.versions, row?.services, row?.groups],
      ["c", "Broken c", 13, 10, 2, ["1", "2"], ["shop"], ["old", "payments"]],
    );
    const view = await detail("b");
    assert.deepEqual(
      [view.row.fingerprint, view.failures.items.length, view.merged, view.notes.map(({ by, text }) => [by, text])],
      [
        "c",
        6,
        [
          { fingerprint: "a", title: "Broken a" },
          { fingerprint: "b", title: "Broken b" },
        ],
        [["mia", "<b>the old one</b>\ufffd"]],
      ],
    );
    assert.equal(
      view.series.reduce((sum, { events }) => sum + events, 0),
      6,
    );
    for (const [into, message] of [
      ["b", "The two are shown as one already."],
      ["nobody", "There is no failure of this fingerprint. Open the one to merge into and copy its fingerprint."],
    ] as const) {
      const refused = await mergeFailures({ prisma }, "a", { into, ...WHY }, OPS, NOW_MS);
      assert.equal(refused.ok ? "" : refused.error.message, message);
    }
    await done(resolveFailures({ prisma }, "a", WHY, OPS, NOW_MS));
    assert.deepEqual(
      (await list()).map(({ open, state }) => [open, state]),
      [[0, "resolved"]],
    );
    await done(splitFailures({ prisma }, "b", WHY, OPS));
    assert.deepEqual(
      (await list()).map(({ fingerprint, events, merged }) => [fingerprint, events, merged]),
      [
        ["c", 4, 1],
        ["b", 9, 0],
      ],
    );
    const again = await splitFailures({ prisma }, "b", WHY, OPS);
    assert.equal(again.ok ? "" : again.error.code, "conflict");
  });

  it("is new since the last deploy of its group when nothing of it is older", async () => {
    await client.query(
      "INSERT INTO group_events (group_id, at, kind) VALUES (1, $1, 'deploy'), (1, $2, 'deploy'), (1, $3, 'rebalance')",
      [new Date(NOW_MS - 9 * HOUR_MS), new Date(NOW_MS - HOUR_MS), new Date(NOW_MS)],
    );
    await fail("old", 1, 2 * HOUR_MS, { status: "resolved" });
    await fail("old", 1, 0);
    await fail("passed", 1, 0);
    await client.query(
      "INSERT INTO aged_failures VALUES ('passed', 'x', 'x', NULL, NULL, $1, $1, 1, 0, '{}', '{}', '{}')",
      [new Date(NOW_MS - 99 * HOUR_MS)],
    );
    await fail("new", 2, HOUR_MS + 60_000);
    assert.deepEqual(
      (await list({ newSinceDeploy: "1" })).map(({ fingerprint, newSinceDeployAt }) => [fingerprint, newSinceDeployAt]),
      [["new", new Date(NOW_MS - HOUR_MS).toISOString()]],
    );
    assert.deepEqual(
      await names({ from: new Date(NOW_MS - 60_000).toISOString(), newSinceDeploy: "1" }),
      [],
      "older ones count though they were not asked for",
    );
  });

  it("tells what its dead letters have in common, and where else the cause is", async () => {
    await fail("a", 12, HOUR_MS);
    await fail("merged", 3, HOUR_MS, { type: 2 });
    await fail("like-it", 1, 0);
    await fail("other", 1, 0);
    await client.query(
      `
        UPDATE failures
        SET key = 'k' || position % 11,
          original_partition = 1,
          root_cause_class = CASE WHEN fingerprint = 'other' THEN 'Else' ELSE 'Boom' END`,
    );
    await done(mergeFailures({ prisma }, "merged", { into: "a", ...WHY }, OPS, NOW_MS));
    const found = await getFailureSpread({ prisma }, "merged");
    assert.ok(found.ok);
    const { keys, partitions, versions, producers, similar } = found.value;
    assert.deepEqual(
      [keys.distinct, keys.values.length, keys.values.reduce((sum, { events }) => sum + events, 0) <= 15],
      [11, 10, true],
    );
    assert.deepEqual(
      [partitions, versions, producers],
      [
        { values: [{ name: "orders[1]", events: 15 }], distinct: 1 },
        {
          values: [
            { name: "order.placed 1", events: 12 },
            { name: "order.placed 2", events: 3 },
          ],
          distinct: 2,
        },
        { values: [{ name: "shop", events: 15 }], distinct: 1 },
      ],
    );
    assert.deepEqual(
      similar.map(({ fingerprint, group }) => [fingerprint, group]),
      [["like-it", "payments"]],
    );
  });

  it("tells who else took the event, as far as the dead letter says which it was", async () => {
    await fail("a", 2, HOUR_MS);
    await client.query(
      `
        INSERT INTO destinations (id, cluster_id, name)
        VALUES (2, 1, 'orders');
        INSERT INTO consumer_groups (id, cluster_id, name)
        VALUES (2, 1, 'analytics')`,
    );
    await client.query(
      `
        INSERT INTO group_partitions (group_id, destination_id, partition, committed_offset)
        VALUES (1, 2, 0, 9), (2, 2, 0, 9)`,
    );
    const [known, unknown] = await prisma.failure.findMany({ orderBy: { id: "asc" } });
    await prisma.failure.update({
      where: { id: known?.id ?? 0n },
      data: { originalDestinationId: 2, originalPartition: 0, originalPosition: 7n },
    });
    const fates = async (id: bigint | undefined) => {
      const found = await getFailureFates({ prisma }, id ?? 0n);
      assert.ok(found.ok);
      return found.value.fates.map(({ group, fate, afterMs }) => [group, fate, afterMs]);
    };
    assert.deepEqual(
      [await fates(known?.id), await fates(unknown?.id)],
      [
        [
          ["analytics", "consumed", null],
          ["payments", "dead_lettered", null],
        ],
        [],
      ],
    );
  });

  it("needs a failure that is known", async () => {
    await fail("a", 1, 0);
    const unknown = await resolveFailures({ prisma }, "nobody", WHY, OPS, NOW_MS);
    assert.equal(unknown.ok ? "" : unknown.error.code, "not_found");
    assert.equal(await prisma.auditEntry.count(), 0);
  });
});
