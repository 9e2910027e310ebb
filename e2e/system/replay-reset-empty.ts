/** Resets of groups that have no members: where the offsets go, when it is refused, and what a dead executor leaves. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { cancelReplay, runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { planUndo } from "#lib/commands/undo-reset.ts";
import { claimRun } from "#lib/store/replays/claimed-run.ts";
import { openResetSteps, OPERATOR, resetOf, WHY } from "./replay-reset-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testEmptyGroups(given: () => World): void {
  let world: World;
  const { plan, ended, run, committed, write, commitOffsets } = openResetSteps(given);

  describe("a reset", () => {
    before(() => {
      world = given();
    });

    it("puts each partition where another group stands, or where it is named", async () => {
      await write("copied", 40);
      await commitOffsets("reader", "copied", [20n, 20n]);
      await world.inspector.resetOffsets("audit", [{ topic: "copied", partition: 0, offset: 5n }]);
      const copy = await plan(resetOf("reader", { how: "group", group: "audit" }));
      assert.deepEqual(
        copy.preview.partitions.map(({ partition, from, to }) => [partition, from, to]),
        [[0, "20", "5"]],
      );
      assert.deepEqual(copy.preview.notes, ["Left as it is: copied[1], where audit never committed."]);
      const file = String.raw`cat > offsets\.csv <<'CSV'\ncopied,0,5\nCSV`;
      const tool = String.raw`kafka-consumer-groups\.sh --bootstrap-server \S+ --group reader`;
      const action = String.raw`--reset-offsets --from-file offsets\.csv --execute`;
      assert.match(copy.preview.cli, new RegExp(String.raw`^${file}\n${tool} ${action}$`));
      const unknown = await planReplay(world.deps, resetOf("reader", { how: "group", group: "nobody" }), OPERATOR);
      assert.equal(
        unknown.ok ? "" : unknown.error.message,
        "nobody has committed nothing on kafka: there are no offsets to copy.",
      );

      const { prisma } = world.database;
      const emptySince = new Date("2026-01-01T00:00:00Z");
      const { id: clusterId } = await prisma.cluster.findFirstOrThrow();
      await prisma.consumerGroup.upsert({
        where: { clusterId_name: { clusterId, name: "fresh" } },
        create: { clusterId, name: "fresh", emptySince },
        update: { emptySince },
      });
      const byHand = await plan(
        resetOf("fresh", {
          how: "offsets",
          offsets: [
            { topic: "copied", partition: 0, offset: "7" },
            { topic: "copied", partition: 1, offset: "99" },
          ],
        }),
      );
      assert.equal(byHand.preview.emptySince, emptySince.toISOString());
      assert.deepEqual(byHand.preview.notes, [
        "The log of copied[1] does not hold that offset: it goes to the nearest that is there.",
      ]);
      for (const { id } of [copy, byHand]) await run(id);
      const runner = world.startRunner();
      for (const { id } of [copy, byHand]) assert.equal((await ended(id)).row.status, "completed");
      await killNow(runner);
      assert.deepEqual(
        [await committed("reader"), await committed("fresh")],
        [
          ["5", "20"],
          ["7", "20"],
        ],
      );
      const undo = await planUndo(world.deps, byHand.id, OPERATOR);
      assert.match(
        undo.ok ? "" : undo.error.message,
        /^fresh had never committed before replay \d+: there is no place to put it back to\./,
      );
    });

    it("fails when the group has moved since it was looked at", async () => {
      await write("moving", 20);
      await commitOffsets("mover", "moving", [10n, 10n]);
      const [early, later] = [
        await plan(resetOf("mover", { how: "earliest" })),
        await plan(resetOf("mover", { how: "earliest" })),
      ];
      await run(later.id);
      await commitOffsets("mover", "moving", [9n, 10n]);
      const stale = await runReplay(world.deps, early.id, WHY, OPERATOR);
      assert.equal(
        stale.ok ? "" : stale.error.message,
        "mover has moved since the preview (1 of 2 partitions). Preview it again.",
      );
      const runner = world.startRunner();
      const failed = await ended(later.id);
      await killNow(runner);
      assert.deepEqual(
        [failed.row.status, failed.row.error, failed.undo.possible],
        ["failed", "mover has moved since the preview; preview it again", false],
      );
    });

    it("is settled when its executor died", async () => {
      const cases = [
        { crash: "before it was done", stands: [10n, 10n], status: "completed", error: null },
        { crash: "after it was done", stands: [0n, 0n], status: "completed", error: null },
        {
          crash: "and the group has gone on since",
          stands: [3n, 10n],
          status: "failed",
          error: /^Flowtap was interrupted, and .+ has moved on since/,
        },
      ] as const;
      const begun: number[] = [];
      for (const { stands } of cases) {
        const topic = `crash-${stands.join("-")}`;
        await write(topic, 20);
        await commitOffsets(topic, topic, [10n, 10n]);
        const { id, preview } = await plan(resetOf(topic, { how: "earliest" }));
        await run(id);
        const claimed = await claimRun(world.database, id);
        assert.ok(claimed);
        await claimed.begin();
        assert.ok(
          await claimed.beginReset(preview, {
            former: preview.partitions.map(({ partition, from }) => ({ topic, partition, offset: from })),
          }),
        );
        const refused = await cancelReplay(world.deps, id, null, OPERATOR);
        assert.equal(refused.ok ? "" : refused.error.code, "conflict", "what may have happened is not cancelled");
        await commitOffsets(topic, topic, stands);
        await claimed.release();
        begun.push(id);
      }
      const runner = world.startRunner();
      for (const [i, { crash, stands, status, error }] of cases.entries()) {
        const done = await ended(begun[i] as number);
        assert.deepEqual([done.row.status, done.undo.possible], [status, true], crash);
        if (error === null)
          assert.deepEqual([done.row.error, await committed(`crash-${stands.join("-")}`)], [null, ["0", "0"]], crash);
        else assert.match(done.row.error ?? "", error);
      }
      await killNow(runner);
    });
  });
}
