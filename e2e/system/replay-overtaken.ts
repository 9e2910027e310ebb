/** Dead letters whose key has had a newer event since: marked in the plan, and left out where people choose so. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runReplay } from "#lib/commands/change-replay.ts";
import { chooseReplayItems } from "#lib/commands/choose-items.ts";
import { editReplayItem } from "#lib/commands/edit-item.ts";
import type { ReplayChoiceInput } from "#lib/contracts/replay-draft.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { ended, OPERATOR, plan, redriveOf, text, WHY } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testOvertaken(given: () => World): void {
  let world: World;

  describe("a plan with overtaken events", () => {
    before(() => {
      world = given();
    });

    it("calls out events that a newer one of their key has overtaken, and leaves out what people choose to", async () => {
      const { prisma, pool } = world.database;
      const events = [0, 1, 2, 3].map((i) => ({
        key: `cust-${i % 2}`,
        partition: 0,
        offset: BigInt(i),
        fingerprint: "fp-stale",
      }));
      await world.bury("stale", events);
      await ensurePartitions(pool, new Date());
      const target = await prisma.destination.findFirstOrThrow({ where: { name: "stale" } });
      const index = (key: string, position: bigint) =>
        prisma.$executeRaw`
          INSERT INTO events (stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key)
          VALUES (now(), now(), ${position}, ${target.id}, 0, 1, 0, ${key})`;
      for (const { key, offset } of events) await index(key, offset);
      await index("cust-0", 7n);
      const view = await plan(world, redriveOf("fp-stale", 1000));
      assert.ok(view.preview.kind === "redrive");
      assert.deepEqual(
        [view.preview.stale, view.items.items.map(({ key, newerOffset }) => [key, newerOffset])],
        [
          { items: 2, choice: "ask" },
          [
            ["cust-0", "7"],
            ["cust-1", null],
            ["cust-0", "7"],
            ["cust-1", null],
          ],
        ],
      );
      const asked = await runReplay(world.deps, view.row.id, WHY, OPERATOR);
      assert.match(
        asked.ok ? "" : asked.error.message,
        /^Of 2 events the key has had a newer event since\. Choose first/,
      );
      const choose = async (input: ReplayChoiceInput) => {
        const chosen = await chooseReplayItems(world.deps, view.row.id, input, OPERATOR);
        assert.ok(chosen.ok && chosen.value.preview.kind === "redrive");
        const { items, keys, leftOut, targets } = chosen.value.preview;
        return {
          items,
          keys: keys.map(({ key, items: n }) => `${key} ${n}`),
          leftOut: leftOut.map(({ reason, items: n }) => `${n} ${reason}`),
          sent: chosen.value.items.items.filter(({ status }) => status === "pending").map(({ seq }) => seq),
          inTarget: targets[0]?.items,
        };
      };
      assert.deepEqual(await choose({ stale: "skip" }), {
        items: 2,
        keys: ["cust-1 2"],
        leftOut: ["2 Its key has had a newer event since"],
        sent: [1, 3],
        inTarget: 2,
      });
      assert.deepEqual((await choose({ stale: "newest" })).sent, [1, 2, 3]);
      assert.deepEqual((await choose({ stale: "send", exclude: [3] })).sent, [0, 1, 2]);
      assert.deepEqual((await choose({ include: [3], exclude: [0] })).sent, [1, 2, 3]);
      const edit = (body: string) =>
        editReplayItem(
          world.deps,
          { id: view.row.id, seq: 1 },
          {
            body,
            format: "json",
            setHeaders: [{ name: "ce_id", value: "mended" }],
            removeHeaders: [],
            despiteSchema: false,
          },
          OPERATOR,
        );
      const broken = await edit("{");
      assert.match(broken.ok ? "" : broken.error.message, /^The body was JSON and is no longer: /);
      assert.ok((await edit('{"price":2}')).ok);
      assert.ok((await runReplay(world.deps, view.row.id, WHY, OPERATOR)).ok);
      const late = await chooseReplayItems(world.deps, view.row.id, { include: [0] }, OPERATOR);
      assert.equal(late.ok ? "" : late.error.code, "conflict");
      const runner = world.startRunner();
      const done = await ended(world, view.row.id);
      await killNow(runner);
      assert.deepEqual([done.row.status, done.row.progress.sent, done.row.progress.skipped], ["completed", 3, 1]);
      const sent = await world.readAll("stale");
      const header = (record: (typeof sent)[number] | undefined, wanted: string) =>
        record?.headers.filter(([name]) => name === wanted).map(([, value]) => text(value));
      assert.equal(sent.length, 3);
      assert.deepEqual(
        [text(sent[0]?.value), header(sent[0], "ce_id"), header(sent[0], "flowtap-edited")],
        ['{"price":2}', ["mended"], ["true"]],
      );
      assert.deepEqual([text(sent[1]?.value), header(sent[1], "flowtap-edited")], ["cust-0@0/2", []]);
      assert.equal(
        await prisma.failure.count({ where: { fingerprint: "fp-stale", status: "open" } }),
        1,
        "what was left out stays open",
      );
    });
  });
}
