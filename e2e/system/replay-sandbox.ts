/** A replay into a sandbox: a topic that no group reads. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runReplay } from "#lib/commands/change-replay.ts";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import { settleOutcomes } from "#lib/store/replays/outcomes.ts";
import { asked, chosen, refusal, TRACE } from "./replay-choices.ts";
import { ended, OPERATOR, see, text, WHY } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testSandbox(given: () => World, filled: () => Promise<unknown>): void {
  let world: World;

  describe("a sandbox as the target", () => {
    before(async () => {
      world = given();
      await filled();
    });

    it("is read by nobody: created when it is run, sent to by key, with no outcome to wait for", async () => {
      const { prisma } = world.database;
      const select: ReplaySelection = { by: "trace", traceId: TRACE, failedOnly: false };
      assert.match(
        await refusal(world, asked(select, { how: "sandbox", topic: "debug", create: false })),
        /^There is no topic debug\. Have it created .* --create --topic debug --partitions 2$/,
      );
      assert.match(
        await refusal(world, asked(select, { how: "sandbox", topic: "orders", create: false })),
        /^orders is a topic these events come from/,
      );
      const { id, preview } = await chosen(world, asked(select, { how: "sandbox", topic: "debug", create: true }));
      assert.deepEqual([preview.createTopic, preview.canary.items], [{ topic: "debug", partitions: 2 }, 0]);
      const run = await runReplay(world.deps, id, WHY, OPERATOR);
      assert.ok(run.ok, run.ok ? "" : run.error.message);
      const runner = world.startRunner();
      const done = await ended(world, id);
      await killNow(runner);
      await settleOutcomes(prisma, { runId: id, sentWithinHours: 24, limit: 100 });
      const after = await see(world, id);
      assert.deepEqual(
        [
          after.row.status,
          after.row.sandbox,
          after.outcomes.notApplicable,
          after.items.items.map(({ outcome }) => outcome),
        ],
        ["completed", "debug", 5, Array.from({ length: 5 }, () => "not_applicable")],
      );
      const records = await world.readAll("debug");
      assert.deepEqual(
        records.filter(({ key }) => text(key) === "c-0").map(({ value }) => text(value)),
        ['{"order":0}', '{"refund":1}', '{"order":2}'],
        "one partition for the key, in the order of time",
      );
      assert.equal(
        await prisma.failure.count({ where: { fingerprint: "fp-of-orders", status: "open" } }),
        1,
        "nothing counts as replayed",
      );
      assert.deepEqual(
        done.log.map(({ action }) => action),
        ["choose", "create_topic", "run"],
      );

      const { id: debugId, clusterId } = await prisma.destination.upsert({
        where: { clusterId_name: { clusterId: (await prisma.cluster.findFirstOrThrow()).id, name: "debug" } },
        create: { clusterId: (await prisma.cluster.findFirstOrThrow()).id, name: "debug", partitionCount: 2 },
        update: {},
      });
      const draft = await chosen(world, asked(select, { how: "sandbox", topic: "debug", create: false }));
      const reader = await prisma.consumerGroup.create({ data: { clusterId, name: "late-reader" } });
      await prisma.groupPartition.create({
        data: { groupId: reader.id, destinationId: debugId, partition: 0, committedOffset: 0n },
      });
      assert.match(
        await refusal(world, asked(select, { how: "sandbox", topic: "debug", create: false })),
        /^debug is no sandbox: late-reader reads it and would get the events\./,
      );
      const late = await runReplay(world.deps, draft.id, WHY, OPERATOR);
      assert.match(
        late.ok ? "" : late.error.message,
        /^debug is no sandbox/,
        "nor may anybody have begun to read it since the preview",
      );
      await prisma.consumerGroup.delete({ where: { id: reader.id } });
    });
  });
}
