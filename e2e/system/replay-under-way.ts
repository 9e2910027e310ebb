/** A redrive that is cancelled, paused and resumed, or that stops by itself. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { cancelReplay, pauseReplay, resumeReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { listReplays } from "#lib/queries/replays.ts";
import { assertEachOnce, dead, ended, OPERATOR, redriveOf, see, started } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testUnderWay(given: () => World): void {
  let world: World;

  /**
   * Another redrive, as fast as the paused one and begun after it. Once it is over, the runner has looked for runs
   * again and has sent a whole batch since.
   */
  const oneMore = async (topic: string): Promise<void> => {
    await world.bury(topic, dead(20, `fp-${topic}`));
    await ended(world, await started(world, redriveOf(`fp-${topic}`, 10)));
  };

  describe("a run under way", () => {
    before(() => {
      world = given();
    });

    it("stops before the next batch when cancelled", async () => {
      await world.bury("stopped", dead(100, "fp-stopped"));
      const id = await started(world, redriveOf("fp-stopped", 10));
      const runner = world.startRunner();
      await ended(world, id, ({ row }) => row.progress.sent > 0);
      const cancelled = await cancelReplay(world.deps, id, "wrong topic", OPERATOR);
      assert.ok(cancelled.ok);
      const done = await ended(world, id);
      await killNow(runner);
      assert.equal(done.row.status, "cancelled");
      assert.equal(done.row.progress.sent + done.row.progress.skipped, 100);
      assert.equal((await world.readAll("stopped")).length, done.row.progress.sent);
      const listed = await listReplays(world.deps, { limit: 1, status: "cancelled" });
      assert.deepEqual(listed.ok ? listed.value.items.map((row) => row.id) : [], [id]);
    });

    it("sends a few first, waits for their outcome, and stops by itself when they fail again", async () => {
      await world.bury("canary", dead(30, "fp-canary"));
      const { prisma } = world.database;
      const target = await prisma.destination.findFirstOrThrow({ where: { name: "canary" } });
      const group = await prisma.consumerGroup.upsert({
        where: { clusterId_name: { clusterId: target.clusterId, name: "payments" } },
        create: { clusterId: target.clusterId, name: "payments" },
        update: {},
      });
      await prisma.groupPartition.createMany({
        data: [0, 1, 2, 3, 4, 5].map((partition) => ({
          groupId: group.id,
          destinationId: target.id,
          partition,
          committedOffset: 0n,
        })),
      });
      const id = await started(world, {
        ...redriveOf("fp-canary", 1000),
        canary: { items: 2, timeoutSeconds: 60, then: "pause" },
      });
      let runner = world.startRunner();
      const first = await ended(world, id, ({ row }) => row.progress.sent > 0);
      await killNow(runner);
      assert.deepEqual([first.row.status, first.row.progress.sent], ["running", 2]);
      const deadLetter = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "fp-canary" } });
      const again = (item: ReplayView["items"]["items"][number] | undefined, position: bigint) =>
        prisma.failure.create({
          data: {
            ...deadLetter,
            id: undefined,
            status: "open",
            position,
            originalPartition: item?.targetPartition ?? -1,
            originalPosition: BigInt(item?.targetOffset ?? -1),
          },
        });
      await again(first.items.items[0], 1000n);
      runner = world.startRunner();
      const paused = await ended(world, id, ({ row }) => row.status === "paused");
      assert.deepEqual(
        [paused.row.error, paused.row.progress.sent],
        ["1 of the 2 events sent first failed again. The rest was not sent.", 2],
      );
      assert.ok((await resumeReplay(world.deps, id, "that one is hopeless", OPERATOR)).ok);
      const done = await ended(world, id);
      assert.deepEqual(
        [done.row.status, done.row.error, done.row.progress.sent],
        ["verifying", null, 30],
        "who resumes it overrules what stopped it",
      );
      await killNow(runner);
      await assertEachOnce(world, done, "canary", 30);
      const audit = await prisma.auditEntry.findMany({ where: { target: `replay/${id}` }, orderBy: { id: "asc" } });
      assert.deepEqual(
        audit.map(({ actor, action }) => `${actor} ${action}`),
        ["ada replay.redrive.run", "Flowtap replay.redrive.pause", "ada replay.redrive.resume"],
      );
      await prisma.groupPartition.deleteMany({ where: { groupId: group.id } });
      await prisma.consumerGroup.delete({ where: { id: group.id } });
    });

    it("is paused and resumed, and stops by itself when too many fail again", async () => {
      await world.bury("paused", dead(60, "fp-paused"));
      const { prisma } = world.database;
      const id = await started(world, redriveOf("fp-paused", 10));
      const runner = world.startRunner();
      await ended(world, id, ({ row }) => row.progress.sent > 0);
      assert.ok((await pauseReplay(world.deps, id, null, OPERATOR)).ok);
      await oneMore("paused-later");
      const before = await see(world, id);
      await oneMore("paused-latest");
      const after = await see(world, id);
      assert.deepEqual(
        [after.row.status, after.row.progress.sent],
        ["paused", before.row.progress.sent],
        "nothing more is sent",
      );
      const second = await planReplay(world.deps, redriveOf("fp-paused", 10), OPERATOR);
      assert.equal(second.ok, false, "and what it has in hand stays with it");
      const deadLetter = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "fp-paused" } });
      const sent = after.items.items.filter(({ status }) => status === "sent").slice(0, 3);
      assert.equal(sent.length, 3);
      for (const [i, item] of sent.entries())
        await prisma.failure.create({
          data: {
            ...deadLetter,
            id: undefined,
            status: "open",
            position: BigInt(1000 + i),
            originalPartition: item.targetPartition,
            originalPosition: BigInt(item.targetOffset ?? 0),
          },
        });
      assert.ok((await resumeReplay(world.deps, id, null, OPERATOR)).ok);
      const stopped = await ended(world, id, ({ row }) => row.status === "paused");
      assert.equal(stopped.row.error, "3 of the last 3 verified failed again: more than 20 %.");
      assert.ok((await cancelReplay(world.deps, id, "not fixed", OPERATOR)).ok);
      const done = await ended(world, id);
      await killNow(runner);
      assert.deepEqual([done.row.status, done.row.progress.pending], ["cancelled", 0]);
      assert.equal((await world.readAll("paused")).length, done.row.progress.sent);
    });
  });
}
