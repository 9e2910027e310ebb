/** Dead letters whose headers name a target that is not theirs, and records that are not what was seen. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runReplay } from "#lib/commands/change-replay.ts";
import { chooseReplayItems } from "#lib/commands/choose-items.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { deleteTopicOn } from "./create-topics.ts";
import { refusal } from "./replay-choices.ts";
import { dead, ended, OPERATOR, plan, redriveOf, text, WHY } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testNamed(given: () => World): void {
  let world: World;

  const send = async (id: number) => {
    const run = await runReplay(world.deps, id, WHY, OPERATOR);
    assert.ok(run.ok, run.ok ? "" : run.error.message);
    const runner = world.startRunner();
    const done = await ended(world, id);
    await killNow(runner);
    return done;
  };

  /** Buries five of `topic`, and one more whose headers name an event of `target`. Answers the id of that failure. */
  const forge = async (
    topic: string,
    target: { readonly topic: string; readonly id: number },
    offset: bigint,
  ): Promise<string> => {
    const { prisma } = world.database;
    await world.bury(topic, dead(5, `fp-${topic}`));
    const forgedAt = new Date();
    const producer = world.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({
      topic: `${topic}-dlt`,
      messages: [{ key: "k", value: `of ${topic}`, timestamp: String(forgedAt.getTime()) }],
    });
    await producer.disconnect();
    const like = await prisma.failure.findFirstOrThrow({ where: { fingerprint: `fp-${topic}` } });
    const forged = await prisma.failure.create({
      data: {
        ...like,
        id: undefined,
        position: 5n,
        key: "k",
        failedAt: forgedAt,
        originalDestination: target.topic,
        originalDestinationId: target.id,
        originalPartition: 0,
        originalPosition: offset,
      },
    });
    return forged.id.toString();
  };

  describe("a dead letter", () => {
    before(() => {
      world = given();
    });

    it("that names another target than its topic's others waits until an operator confirms it for that topic", async () => {
      const { prisma } = world.database;
      const vault = { topic: "vault", id: await world.createTopic("vault", 1) };
      const forged = [await forge("ledger", vault, 0n), await forge("annals", vault, 1n)];
      const all = await plan(world, redriveOf("fp-ledger", 1000));
      assert.ok(all.preview.kind === "redrive");
      const named = { source: "ledger-dlt", topic: "vault", items: 1, confirmed: false };
      assert.deepEqual(
        [all.preview.items, all.preview.namedTargets, all.preview.leftOut],
        [5, [named], [{ reason: "Its target is named by the record only: confirm the target first", items: 1 }]],
      );
      const done = await send(all.row.id);
      assert.deepEqual([done.row.progress.sent, done.row.progress.skipped], [5, 1]);
      assert.deepEqual(await world.readAll("vault"), [], "nothing of it is sent silently");

      const only = await plan(world, {
        ...redriveOf("", 1000),
        select: { by: "failures", ids: forged },
        stale: "send",
      });
      const refused = await runReplay(world.deps, only.row.id, WHY, OPERATOR);
      assert.equal(
        refused.ok ? "" : refused.error.message,
        "Nothing but the records in ledger-dlt names vault as their target. " +
          "Confirm that target first, or choose another.",
      );
      const choose = async (input: Parameters<typeof chooseReplayItems>[2]) => {
        const chosen = await chooseReplayItems(world.deps, only.row.id, input, OPERATOR);
        assert.ok(chosen.ok && chosen.value.preview.kind === "redrive");
        return chosen.value.preview.items;
      };
      const [ofLedger, ofAnnals] = ["ledger-dlt", "annals-dlt"].map((source) => [{ source, topic: "vault" }]);
      assert.deepEqual(
        [
          await choose({ confirmTargets: [{ source: "ledger-dlt", topic: "elsewhere" }] }),
          await choose({ confirmTargets: [{ source: "elsewhere-dlt", topic: "vault" }] }),
          await choose({ confirmTargets: ofLedger }),
          await choose({ withdrawTargets: ofAnnals }),
          await choose({ confirmTargets: ofAnnals }),
          await choose({ withdrawTargets: ofLedger }),
          await choose({ withdrawTargets: ofAnnals }),
          await choose({ confirmTargets: ofLedger, exclude: [] }),
        ],
        [0, 0, 1, 1, 2, 1, 0, 1],
      );
      assert.equal((await send(only.row.id)).row.progress.sent, 1);
      assert.deepEqual(
        (await world.readAll("vault")).map(({ value }) => text(value)),
        ["of ledger"],
        "what annals-dlt has for the same target waits for its own confirmation",
      );
      const audit = await prisma.auditEntry.findMany({ where: { target: `replay/${only.row.id}` } });
      assert.deepEqual((audit.at(-2)?.detail as { confirmed: unknown }).confirmed, ofLedger);
    });

    it("in whose place another record lies by now is not sent, neither by an old plan nor by a new one", async () => {
      const { prisma } = world.database;
      await world.bury("remade", dead(3, "fp-remade"));
      const before = await plan(world, redriveOf("fp-remade", 1000));
      const admin = world.kafka.admin();
      await deleteTopicOn(admin, "remade-dlt");
      await createTopicOn(admin, "remade-dlt", 1, {});
      await admin.disconnect();
      const producer = world.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      await producer.send({
        topic: "remade-dlt",
        messages: [0, 1, 2].map((i) => ({ key: `cust-${i}`, value: "somebody else's" })),
      });
      await producer.disconnect();
      const done = await send(before.row.id);
      assert.deepEqual([done.row.status, done.row.progress.sent, done.row.progress.failed], ["failed", 0, 3]);
      assert.equal(done.items.items[0]?.detail, "Another record lies at this offset now");
      assert.deepEqual(await world.readAll("remade"), []);
      assert.equal(
        await refusal(world, redriveOf("fp-remade", 1000)),
        "Nothing to send. 3: Another record lies at this offset now.",
      );
      await prisma.destination.updateMany({
        where: { name: "remade-dlt" },
        data: { name: "remade-dlt~1", generationOf: "remade-dlt", goneAt: new Date() },
      });
      assert.match(await refusal(world, redriveOf("fp-remade", 1000)), /3: Its topic was deleted or made anew since/);
    });

    it("is sent with the time of its original where the plan says so", async () => {
      const { prisma } = world.database;
      await world.bury("timed", dead(2, "fp-timed"));
      const originalAt = new Date(Date.now() - 7_200_000);
      await prisma.failure.updateMany({ where: { fingerprint: "fp-timed" }, data: { originalAt } });
      const startedAt = Date.now();
      const first = await plan(world, redriveOf("fp-timed", 1000));
      const now = await plan(world, {
        ...redriveOf("fp-timed", 1000),
        to: { how: "sandbox", topic: "sand", create: true },
      });
      assert.deepEqual(
        [first, now].map(({ preview }) => preview.kind === "redrive" && preview.time),
        ["now", "now"],
      );
      await send(now.row.id);
      const kept = await plan(world, { ...redriveOf("fp-timed", 1000), time: "original" });
      assert.equal((await send(kept.row.id)).row.progress.sent, 2);
      assert.deepEqual(
        (await world.readAll("timed")).map(({ timestampMs }) => timestampMs),
        [originalAt.getTime(), originalAt.getTime()],
      );
      assert.ok((await world.readAll("sand")).every(({ timestampMs }) => timestampMs >= startedAt));
    });

    it("follows its key to the partition that newer events of the key go to", async () => {
      const { prisma } = world.database;
      await world.bury("grown", [{ key: "moved", partition: 2, offset: 4n, fingerprint: "fp-grown" }]);
      const { id } = await prisma.destination.findFirstOrThrow({ where: { name: "grown" } });
      await prisma.$executeRaw`
        INSERT INTO events (stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key)
        VALUES (now(), now(), 9, ${id}, 5, 1, 0, 'moved')`;
      const view = await plan(world, { ...redriveOf("fp-grown", 1000), stale: "ask" });
      assert.ok(view.preview.kind === "redrive");
      assert.deepEqual(
        [view.preview.stale.items, view.preview.checks?.moved, view.preview.partitions],
        [1, 1, [{ topic: "grown", partition: 5, items: 1 }]],
      );
      assert.ok((await chooseReplayItems(world.deps, view.row.id, { stale: "send" }, OPERATOR)).ok);
      await send(view.row.id);
      assert.deepEqual(
        (await world.readAll("grown")).map(({ partition }) => partition),
        [5],
      );
    });
  });
}
