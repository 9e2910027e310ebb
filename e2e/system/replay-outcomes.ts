/** What becomes of the events that a redrive has sent. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { settleOutcomes } from "#lib/store/replays/outcomes.ts";
import { ended, redriveOf, see, started } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testOutcomes(given: () => World): void {
  let world: World;

  describe("outcomes of a redrive", () => {
    before(() => {
      world = given();
    });

    it("tells what became of each event: consumed, failed again, or waiting", async () => {
      await world.bury(
        "fates",
        [0, 1, 2].map((i) => ({ key: "k", partition: 0, offset: BigInt(i), fingerprint: "fp-fates" })),
      );
      const id = await started(world, redriveOf("fp-fates", 1000));
      const runner = world.startRunner();
      const sent = await ended(world, id);
      await killNow(runner);
      const at = (i: number): bigint => BigInt(sent.items.items[i]?.targetOffset ?? -1);
      const { prisma } = world.database;
      const target = await prisma.destination.findFirstOrThrow({ where: { name: "fates" } });
      const group = await prisma.consumerGroup.create({ data: { clusterId: target.clusterId, name: "payments" } });
      await prisma.groupPartition.create({
        data: {
          groupId: group.id,
          destinationId: target.id,
          partition: 0,
          committedOffset: at(1) + 1n,
          committedAt: new Date(),
        },
      });
      const old = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "fp-fates" } });
      await prisma.failure.create({
        data: {
          ...old,
          id: undefined,
          status: "open",
          position: 99n,
          fingerprint: "fp-again",
          originalPartition: 0,
          originalPosition: at(1),
        },
      });
      assert.deepEqual(
        (await see(world, id)).outcomes,
        { consumed: 0, deadLettered: 0, otherCause: 0, waiting: 3, notSent: 0, unknown: 0, notApplicable: 0 },
        "nothing is said before it is certain",
      );
      const settling = { runId: null, sentWithinHours: 24, limit: 100 };
      assert.deepEqual(
        [await settleOutcomes(prisma, settling), (await see(world, id)).items.items.map(({ outcome }) => outcome)],
        [[id], ["waiting", "dead_lettered", "waiting"]],
        "a commit may be read before the dead letter that was written before it",
      );
      await ensurePartitions(world.database.pool, new Date());
      for (const secondsAgo of [90, 60, 30])
        await prisma.$executeRaw`
        INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
        VALUES (
          now(), now() - make_interval(secs => ${secondsAgo}::int), ${group.id}, ${target.id}, 0,
          ${at(1) + (secondsAgo === 90 ? -1n : 1n)}
        )`;
      assert.deepEqual(await settleOutcomes(prisma, settling), [id]);
      assert.deepEqual(await settleOutcomes(prisma, settling), [], "settled once");
      const reported = await see(world, id);
      assert.deepEqual(
        reported.items.items.map(({ outcome, again }) => [outcome, again?.fingerprint, again?.sameCause]),
        [
          ["consumed", undefined, undefined],
          ["dead_lettered", "fp-again", false],
          ["waiting", undefined, undefined],
        ],
      );
      assert.deepEqual(reported.outcomes, {
        consumed: 1,
        deadLettered: 1,
        otherCause: 1,
        waiting: 1,
        notSent: 0,
        unknown: 0,
        notApplicable: 0,
      });
      assert.equal(
        Math.round((Date.now() - Date.parse(reported.items.items[0]?.outcomeAt ?? "")) / 10_000),
        6,
        "at the first commit that passed it",
      );
      assert.deepEqual([reported.row.progress.verified, reported.row.progress.failedAgain], [2, 1]);
      assert.equal(reported.row.status, "verifying", "it is not over before the fates of all are known");
      const states = await prisma.failure.findMany({
        where: { fingerprint: { in: ["fp-fates", "fp-again"] } },
        orderBy: { id: "asc" },
      });
      assert.deepEqual(
        states.map(({ status }) => status),
        ["resolved", "resolved", "replaying", "open"],
      );
      // A retry that gives up later than the commit of its first attempt.
      await prisma.failure.create({
        data: { ...old, id: undefined, status: "open", position: 100n, originalPartition: 0, originalPosition: at(0) },
      });
      assert.deepEqual(await settleOutcomes(prisma, settling), [id]);
      assert.deepEqual((await see(world, id)).outcomes, {
        consumed: 0,
        deadLettered: 2,
        otherCause: 1,
        waiting: 1,
        notSent: 0,
        unknown: 0,
        notApplicable: 0,
      });
      await prisma.$executeRaw`
        UPDATE group_partitions
        SET committed_offset = ${at(2) + 1n}, committed_at = now() - interval '1 minute'
        WHERE group_id = ${group.id} AND destination_id = ${target.id}`;
      assert.deepEqual(await settleOutcomes(prisma, settling), [id]);
      const { status, progress } = (await see(world, id)).row;
      assert.deepEqual([status, progress.sent, progress.verified, progress.failedAgain], ["completed", 3, 3, 2]);
    });
  });
}
