/** What a plan leaves out because its target refuses it. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { editReplayItem } from "#lib/commands/edit-item.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { asked, chosen } from "./replay-choices.ts";
import { OPERATOR } from "./replay-steps.ts";
import type { World } from "./replay-world.ts";

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
  });
}
