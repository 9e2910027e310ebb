/**
 * Resets of real groups, of both protocols: what is announced happens, waits while somebody is connected, and
 * can be taken back.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cancelReplay, runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { planUndo } from "#lib/commands/undo-reset.ts";
import { claimRun } from "#lib/store/replays/claimed-run.ts";
import { startKafkaJs } from "./consumers/kafkajs-consumer.ts";
import { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import type { RunningConsumer, Work } from "./consumers/work.ts";
import { openResetSteps, OPERATOR, resetOf, WHY } from "./replay-reset-steps.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

const { plan, draft, see, until, ended, run, committed, standsAt, write, commitOffsets } = openResetSteps(() => world);

const PROTOCOLS: readonly {
  name: string;
  start: (group: string, topic: string, work: Work) => Promise<RunningConsumer>;
}[] = [
  {
    name: "classic",
    start: (group, topic, work) =>
      startKafkaJs({ brokers: world.cluster.brokers, group, topic, clientId: `${group}-1`, work }),
  },
  {
    name: "consumer",
    start: (group, topic, work) =>
      startNextProtocol({ brokers: world.cluster.brokers, group, topic, clientId: `${group}-1`, work }),
  },
];

for (const { name, start } of PROTOCOLS) {
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

describe("a reset", () => {
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

    const byHand = await plan(
      resetOf("fresh", {
        how: "offsets",
        offsets: [
          { topic: "copied", partition: 0, offset: "7" },
          { topic: "copied", partition: 1, offset: "99" },
        ],
      }),
    );
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
