import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { HOUR_MS, NOW_MS, startPostgresForFailures } from "#e2e/stack/failures.ts";
import { mergeFailures, noteFailures, resolveFailures, splitFailures } from "#lib/commands/failures.ts";
import { readDeadLettersToReplay } from "../replays/dead-letters-to-replay.ts";

const OPS = { name: "mia", role: "operator" } as const;
const WHY = { reason: "fixed in 1.4" };

describe("a failure, by fingerprint", () => {
  let stored: Awaited<ReturnType<typeof startPostgresForFailures>>;
  before(async () => {
    stored = await startPostgresForFailures();
  });
  after(() => stored.stop());
  beforeEach(() => stored.clear());

  it("is of one kind: dead letters, or events that report an error themselves", async () => {
    const { client, prisma, fail, list, names } = stored;
    await fail("dead", 1, 0);
    await fail("reported", 2, 0, { format: "error-event" });
    const aged = "'old-reported', 'x', 'error-event', NULL, NULL, $1, $1, 1, 1, '{}', '{}', '{}'";
    await client.query(`INSERT INTO aged_failures VALUES (${aged})`, [new Date(NOW_MS - HOUR_MS)]);
    assert.deepEqual(
      [await names({ kind: "dead_letter" }), await names({ kind: "error_event" }), await names()],
      [["dead"], ["old-reported", "reported"], ["dead", "old-reported", "reported"]],
    );
    assert.deepEqual((await list()).map(({ fingerprint, kind }) => [fingerprint, kind]).sort(), [
      ["dead", "dead_letter"],
      ["old-reported", "error_event"],
      ["reported", "error_event"],
    ]);
    const deadLetters = await readDeadLettersToReplay(
      prisma,
      { by: "failures", ids: (await prisma.failure.findMany()).map(({ id }) => id) },
      10,
    );
    assert.deepEqual(
      deadLetters.map(({ isErrorEvent, isDeadLetter }) => [isErrorEvent, isDeadLetter]),
      [
        [false, true],
        [true, false],
        [true, false],
      ],
    );
  });

  it("is shown as one with what it was merged into, until it is split off", async () => {
    const { client, prisma, fail, list, detail, done } = stored;
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
    const { client, fail, list, names } = stored;
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
});
