/** What a redrive does when somebody forgets: the database what was sent, the broker where. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { openBroker } from "#lib/brokers/open.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { Publisher } from "#lib/brokers/ports/publisher.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { claimRun, type ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import { redrive } from "#lib/tap/replay/redrive.ts";
import { assertEachOnce, dead, ended, redriveOf, see, started } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

/** As a standby that lagged behind knows them, or a server that had not written its last second to disk. */
const FORGET = `
  WITH latest AS (
    SELECT run_id, seq
    FROM replay_items
    WHERE run_id = $1 AND status = 'sent'
    ORDER BY sent_at DESC
    LIMIT $2
  ),
  forgotten AS (
    UPDATE replay_items i
    SET status = 'pending', sent_at = NULL, target_offset = NULL, outcome = NULL, outcome_at = NULL
    FROM latest
    WHERE i.run_id = latest.run_id AND i.seq = latest.seq
    RETURNING i.run_id
  )
  UPDATE replay_runs
  SET status = 'running', finished_at = NULL
  WHERE id IN (SELECT run_id FROM forgotten)`;

export function testForgotten(given: () => World): void {
  let world: World;

  describe("a redrive of which something is forgotten", () => {
    before(() => {
      world = given();
    });

    it("sends nothing twice when the database has lost what it was told last", async () => {
      await world.bury("forgotten", dead(120, "fp-forgotten"));
      const id = await started(world, redriveOf("fp-forgotten", 40));
      let runner = world.startRunner();
      await ended(world, id, ({ row }) => row.progress.sent >= 60);
      await killNow(runner);
      const { rowCount } = await world.database.pool.query(FORGET, [id, 45]);
      assert.equal(rowCount, 1);
      assert.ok((await see(world, id)).row.progress.pending >= 45);
      runner = world.startRunner();
      await assertEachOnce(world, await ended(world, id), "forgotten", 120);
      await killNow(runner);
      await world.database.pool.query(FORGET, [id, 120]);
      assert.equal((await see(world, id)).row.progress.pending, 120, "not even that it was over is known");
      runner = world.startRunner();
      const done = await ended(world, id);
      await killNow(runner);
      assert.deepEqual([done.row.status, done.row.progress.sent], ["completed", 120]);
      await assertEachOnce(world, done, "forgotten", 120);
    });

    it("believes no answer that lies before the end, and looks from the noted ends on", async () => {
      await world.bury("misplaced", dead(20, "fp-misplaced"));
      const producer = world.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      const others = [0, 1, 2, 3, 4, 5].map((partition) => ({ partition, value: "of others" }));
      for (let i = 0; i < 30; i++) await producer.send({ topic: "misplaced", messages: others });
      await producer.disconnect();
      const id = await started(world, redriveOf("fp-misplaced", 1000));
      const run = await claimRun(world.database, id);
      assert.ok(run);
      await run.begin();
      const readFrom: bigint[] = [];
      const reader: Reader = {
        close: () => Promise.resolve(),
        read: (partition, from, limits) => {
          if (partition.topic === "misplaced") readFrom.push(from);
          return world.reader.read(partition, from, limits);
        },
      };
      const answering = (change: (offset: bigint) => bigint) => redriveHere(world, run, reader, change);
      await assert.rejects(
        answering(() => 7n),
        (error) => isBrokerFault(error, "unknown") && /before its end$/.test(error.message),
      );
      const inDoubt = await see(world, id);
      assert.deepEqual([inDoubt.row.progress.sent, inDoubt.row.progress.pending], [0, 20], "nothing is taken for sent");
      const stopping = new AbortController();
      const stopped = redriveHere(
        world,
        run,
        { ...reader, read: (...asked) => (stopping.abort(), reader.read(...asked)) },
        (offset) => offset,
        stopping.signal,
      );
      await assert.rejects(stopped, { name: "AbortError" });
      assert.equal(readFrom.length, 1, "the look ends when the tap does");
      await answering((offset) => offset);
      await run.release();
      assert.deepEqual([...new Set(readFrom)], [30n], "from the ends before the batch, in no partition before them");
      const sent = (await world.readAll("misplaced")).length - 180;
      assert.deepEqual([sent, (await see(world, id)).row.progress.sent], [20, 20]);
    });
  });
}

/** Carries the run in this process, with a broker that answers other offsets than it wrote to. */
function redriveHere(
  world: World,
  run: ClaimedRun,
  reader: Reader,
  change: (offset: bigint) => bigint,
  signal = new AbortController().signal,
): Promise<void> {
  const openPublisher = async (transactionalId: string): Promise<Publisher> => {
    const publisher = await openBroker(world.cluster).openPublisher(transactionalId);
    return {
      publish: async (records) =>
        (await publisher.publish(records)).map((at) => ({ ...at, offset: change(at.offset) })),
      close: () => publisher.close(),
    };
  };
  return redrive(run, { reader, inspector: world.inspector, openPublisher }, () => Promise.resolve(), signal);
}
