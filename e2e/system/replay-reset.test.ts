/**
 * Resets of real groups, of both protocols: the preview comes true, the reset waits while a member is connected, and it
 * can be undone.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cancelReplay, runReplay } from "#lib/commands/change-replay.ts";
import { planUndo } from "#lib/commands/undo-reset.ts";
import type { Work } from "./consumers/work.ts";
import { testEmptyGroups } from "./replay-reset-empty.ts";
import { openResetSteps, OPERATOR, protocolsOf, resetOf, WHY } from "./replay-reset-steps.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

const { plan, draft, see, until, ended, run, committed, standsAt, write, commitOffsets } = openResetSteps(() => world);

for (const { name, start } of protocolsOf(() => world)) {
  describe(`a ${name} group`, () => {
    const group = `payments-${name}`;
    const topic = `orders-${name}`;

    it("is not reset while it has members, waits until it is empty, consumes as announced, and is put back", async () => {
      await write(topic, 60);
      let seen = 0;
      const count: Work = () => Promise.resolve(void (seen += 1));
      const first = await start(group, topic, count);
      await standsAt(group, ["30", "30"]);

      const made = await plan(resetOf(group, { how: "offset", offset: "12" }));
      assert.deepEqual(
        made.preview.members.map(({ clientId }) => clientId),
        [`${group}-1`],
      );
      const refused = await runReplay(world.deps, made.id, WHY, OPERATOR);
      const remedy = "Stop its consumers first, or let it wait for that";
      const connected = `connected: ${group}-1 \\(.+\\)\\.`;
      assert.match(
        refused.ok ? "" : refused.error.message,
        new RegExp(`^${group} must be empty for that\\. ${remedy}; ${connected}$`),
      );

      await run(made.id, 120);
      const runner = world.startRunner();
      await until("it says whom it waits for", async () =>
        new RegExp(`^waits for ${group} to be empty: ${group}-1 on .+ is connected$`).test(
          (await see(made.id)).row.error ?? "",
        ),
      );
      await first.stop();
      const done = await ended(made.id);
      assert.deepEqual(
        [done.row.status, done.row.error, done.row.progress.sent, await committed(group)],
        ["completed", null, 2, ["12", "12"]],
      );
      assert.ok(done.preview.kind === "offset_reset");
      assert.deepEqual([done.preview.members, done.preview.seenAgain, done.preview.skipped], [[], "36", "0"]);
      assert.deepEqual(
        done.log.map(({ actor, action, reason }) => [actor, action, reason]),
        [["ada", "run", WHY]],
      );

      const undo = draft(await planUndo(world.deps, made.id, OPERATOR));
      assert.deepEqual(
        [undo.preview.undoes, undo.preview.seenAgain, undo.preview.skipped],
        [{ run: made.id, consumedSince: "0" }, "0", "36"],
      );
      await run(undo.id);
      assert.equal((await ended(undo.id)).row.status, "completed");
      assert.deepEqual(await committed(group), ["30", "30"]);
      const undone = await see(made.id);
      assert.deepEqual(
        [undone.undo, (await see(undo.id)).undo.undoes],
        [{ possible: true, undoes: null, undoneBy: undo.id }, made.id],
      );

      const again = draft(await planUndo(world.deps, undo.id, OPERATOR));
      await run(again.id);
      assert.equal((await ended(again.id)).row.status, "completed");
      await killNow(runner);
      seen = 0;
      const second = await start(group, topic, count);
      await standsAt(group, ["30", "30"]);
      await second.stop();
      assert.equal(BigInt(seen), BigInt(again.preview.seenAgain), "as many as announced");
      const late = draft(await planUndo(world.deps, undo.id, OPERATOR));
      assert.equal(late.preview.undoes?.consumedSince, "0", "it stands where the undone reset had put it");
      assert.equal(draft(await planUndo(world.deps, made.id, OPERATOR)).preview.undoes?.consumedSince, "36");
    });

    it("is left alone when it does not become empty in time, or the reset is cancelled while it waits", async () => {
      const member = await start(group, topic, () => Promise.resolve());
      const [late, cancelled] = [
        await plan(resetOf(group, { how: "earliest" })),
        await plan(resetOf(group, { how: "earliest" })),
      ];
      await until("the member is there", async () => (await world.inspector.groups([group]))[0]?.members.length === 1);
      await run(late.id, 2);
      await run(cancelled.id, 3600);
      const runner = world.startRunner();
      const failed = await ended(late.id);
      assert.equal(failed.row.status, "failed");
      assert.match(
        failed.row.error ?? "",
        new RegExp(`^${group} did not become empty in the time it was given; connected: ${group}-1 \\(`),
      );
      await until("it waits", async () => (await see(cancelled.id)).row.error?.startsWith("waits for") === true);
      assert.ok((await cancelReplay(world.deps, cancelled.id, "not now", OPERATOR)).ok);
      await member.stop();
      // Two more resets that the same runner completes: it has looked twice for what there is to do.
      const later = `later-${name}`;
      await write(later, 4);
      await commitOffsets(later, later, [2n, 2n]);
      for (const offset of ["0", "1"]) {
        const more = await plan(resetOf(later, { how: "offset", offset }));
        await run(more.id);
        await ended(more.id);
      }
      await killNow(runner);
      const gone = await see(cancelled.id);
      assert.deepEqual(
        [gone.row.status, gone.row.error, gone.undo.possible, await committed(group)],
        ["cancelled", null, false, ["30", "30"]],
      );
      assert.deepEqual(
        gone.log.map(({ action, reason }) => [action, reason]),
        [
          ["run", WHY],
          ["cancel", "not now"],
        ],
      );
    });
  });
}

testEmptyGroups(() => world);
