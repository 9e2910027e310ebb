import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { HOUR_MS, NOW_MS, startPostgresForFailures } from "#e2e/stack/failures.ts";
import { reopenFailures, resolveFailures } from "#lib/commands/failures.ts";

const OPS = { name: "mia", role: "operator" } as const;
const WHY = { reason: "fixed in 1.4" };

describe("what people decide about failures", () => {
  let stored: Awaited<ReturnType<typeof startPostgresForFailures>>;
  before(async () => {
    stored = await startPostgresForFailures();
  });
  after(() => stored.stop());
  beforeEach(() => stored.clear());

  it("is resolved with every dead letter but those in a running replay", async () => {
    const { prisma, fail, list, names, done } = stored;
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

  it("comes back with the next dead letter, and names who had resolved it", async () => {
    const { prisma, fail, list, done } = stored;
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
    const { prisma, fail, list, done } = stored;
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
      (await list({ state: "open" })).map(({ open, triage }) => [open, triage]),
      [[2, null]],
    );
  });

  it("needs a known failure", async () => {
    const { prisma, fail } = stored;
    await fail("a", 1, 0);
    const unknown = await resolveFailures({ prisma }, "nobody", WHY, OPS, NOW_MS);
    assert.equal(unknown.ok ? "" : unknown.error.code, "not_found");
    assert.equal(await prisma.auditEntry.count(), 0);
  });
});
