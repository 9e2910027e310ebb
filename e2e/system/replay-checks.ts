/** What a plan leaves out because its target refuses it, and a sandbox as the target. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { runReplay } from "#lib/commands/change-replay.ts";
import { editReplayItem } from "#lib/commands/edit-item.ts";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import { settleOutcomes } from "#lib/store/replays/outcomes.ts";
import { asked, chosen, refusal, TRACE } from "./replay-choices.ts";
import { ended, OPERATOR, see, text, WHY } from "./replay-steps.ts";
import { createTopicOn, killNow, type World } from "./replay-world.ts";

export function testChecks(given: () => World, filled: () => Promise<{ readonly orders: number }>): void {
  let world: World;
  let ids: { readonly orders: number };

  describe("targets of a plan", () => {
    before(async () => {
      world = given();
      ids = await filled();
    });

    it("checks: what the target refuses is left out, what may go wrong is said", async () => {
      const { prisma } = world.database;
      const admin = world.kafka.admin();
      await createTopicOn(admin, "small", 1, { "max.message.bytes": "1500" });
      await admin.disconnect();
      const { clusterId } = await prisma.destination.findUniqueOrThrow({ where: { id: ids.orders } });
      await prisma.destination.create({ data: { clusterId, name: "small", partitionCount: 1 } });
      const small = await chosen(world, {
        ...asked({ by: "range", cluster: "kafka", topic: "refunds", from: { offset: "0" } }),
        targetTopic: "small",
      });
      assert.deepEqual(
        [small.positions, small.preview.excluded, small.preview.checks?.size],
        [
          ["refunds/0/0"],
          [{ reason: "Larger than the largest record its target topic takes (max.message.bytes)", items: 1 }],
          [{ topic: "small", maxBytes: 1500 }],
        ],
      );
      const edit = await editReplayItem(
        world.deps,
        { id: small.id, seq: 0 },
        {
          body: randomBytes(2000).toString("base64"),
          format: "text",
          setHeaders: [],
          removeHeaders: [],
          despiteSchema: false,
        },
        OPERATOR,
      );
      assert.match(edit.ok ? "" : edit.error.message, /^With that the event is larger than small takes: 1,500 bytes/);

      const broken = await chosen(
        world,
        asked({ by: "range", cluster: "kafka", topic: "orders", partitions: [1], from: { offset: "3" } }),
      );
      assert.deepEqual(broken.preview.checks?.bodies, { checked: 2, notChecked: 0, brokenJson: 1 });

      const group = await prisma.consumerGroup.create({
        data: { clusterId, name: "payments", firstSeenAt: new Date(0) },
      });
      const failed = asked({
        by: "range",
        cluster: "kafka",
        topic: "orders",
        partitions: [0],
        from: { offset: "1" },
        to: { offset: "1" },
      });
      const code = async () =>
        (await chosen(world, failed)).preview.checks?.code.map(({ group: name, state }) => `${name} ${state}`);
      assert.deepEqual(await code(), ["payments same"]);
      await prisma.groupEvent.create({
        data: { groupId: group.id, kind: "deploy", at: new Date(Date.now() + 600_000) },
      });
      assert.deepEqual(await code(), ["payments newer"]);
      await prisma.consumerGroup.delete({ where: { id: group.id } });

      const { id } = await chosen(
        world,
        asked({
          by: "range",
          cluster: "kafka",
          topic: "orders",
          partitions: [0],
          from: { offset: "0" },
          to: { offset: "0" },
        }),
      );
      await prisma.replayItem.updateMany({ where: { runId: id }, data: { status: "sent" } });
      assert.deepEqual(
        (
          await chosen(
            world,
            asked({
              by: "range",
              cluster: "kafka",
              topic: "orders",
              partitions: [0],
              from: { offset: "0" },
              to: { offset: "2" },
            }),
          )
        ).preview.checks?.sentBefore,
        [{ run: id, items: 1, leftOut: false }],
      );
    });

    it("a sandbox that nobody reads: created when it is run, sent to by key, with no outcome to wait for", async () => {
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
