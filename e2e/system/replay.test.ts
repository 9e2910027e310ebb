import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { OutgoingRecord } from "#lib/brokers/ports/publisher.ts";
import { openBroker } from "#lib/brokers/open.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { replayHeaders } from "#lib/domain/replay/replay-headers.ts";
import { claimRun, type ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { testForgotten } from "./replay-forgotten.ts";
import { testKills } from "./replay-kills.ts";
import { testOutcomes } from "./replay-outcomes.ts";
import { assertEachOnce, dead, ended, OPERATOR, redriveOf, started } from "./replay-steps.ts";
import { testUnderWay } from "./replay-under-way.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

const log = openLog("test");
log.level = "silent";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

/** As far as a run gets before anything is sent: ten items marked, their records ready. */
async function markBatch(
  id: number,
  topic: string,
): Promise<{ run: ClaimedRun; records: OutgoingRecord[]; transactionalId: string }> {
  const run = await claimRun(world.database, id);
  assert.ok(run);
  await run.begin();
  const items = await run.items.read("pending", 10);
  assert.ok(
    await run.items.markSending(
      items.map(({ seq }) => seq),
      { endsBefore: {} },
    ),
  );
  const deadLetters = await world.readAll(`${topic}-dlt`);
  const records = items.map((item) => {
    const deadLetter = deadLetters.find(({ offset }) => offset === item.sourceOffset);
    const origin = { topic: item.sourceTopic, partition: item.sourcePartition, offset: item.sourceOffset };
    return {
      topic,
      partition: item.targetPartition,
      key: deadLetter?.key ?? null,
      value: deadLetter?.value ?? null,
      headers: replayHeaders(deadLetter?.headers ?? [], { run: run.wireName, item: item.seq }, origin),
    };
  });
  return { run, records, transactionalId: `flowtap-replay-${run.wireName}` };
}

testKills(() => world);

describe("redrive", () => {
  for (const [why, crash] of [
    ["after the batch was sent and before that was noted", "committed"],
    ["in the middle of sending", "open"],
    ["before anything was sent", "nothing"],
  ] as const) {
    it(`settles a batch whose runner died ${why}`, async () => {
      const topic = `died-${crash}`;
      await world.bury(topic, dead(20, `fp-${crash}`));
      const id = await started(world, redriveOf(`fp-${crash}`, 1000));
      const { run, records, transactionalId } = await markBatch(id, topic);
      if (crash === "committed") {
        const publisher = await openBroker(world.cluster).openPublisher(transactionalId);
        await publisher.publish(records);
        await publisher.close();
      } else if (crash === "open") {
        const producer = world.kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
        await producer.connect();
        const open = await producer.transaction();
        await open.send({
          topic,
          messages: records.map(({ key, value, partition }) => ({
            key: key && Buffer.from(key),
            value: value && Buffer.from(value),
            partition: partition ?? 0,
          })),
        });
        await producer.disconnect();
      }
      await run.release();
      const runner = world.startRunner();
      const done = await ended(world, id);
      await killNow(runner);
      assert.equal(done.row.status, "completed");
      await assertEachOnce(world, done, topic, 20);
    });
  }

  it("does not settle while another producer's open transaction hides what was sent", async () => {
    await world.bury("hidden", dead(20, "fp-hidden"));
    const id = await started(world, redriveOf("fp-hidden", 1000));
    const { run, records, transactionalId } = await markBatch(id, "hidden");
    const foreign = world.kafka.producer({ transactionalId: "foreign", idempotent: true, maxInFlightRequests: 1 });
    await foreign.connect();
    const open = await foreign.transaction();
    await open.send({ topic: "hidden", messages: [0, 1, 2, 3, 4, 5].map((partition) => ({ partition, value: "x" })) });
    const publisher = await openBroker(world.cluster).openPublisher(transactionalId);
    await publisher.publish(records);
    await publisher.close();
    await run.release();
    const runner = world.startRunner();
    const waiting = await ended(world, id, ({ row }) => row.error !== null);
    assert.match(waiting.row.error ?? "", /^Waits for an open transaction of another producer on hidden\[\d\] to end$/);
    await open.abort();
    const done = await ended(world, id);
    await Promise.all([killNow(runner), foreign.disconnect()]);
    assert.deepEqual([done.row.status, done.row.error], ["completed", null]);
    await assertEachOnce(world, done, "hidden", 20);
  });

  it("fails what has left its topic in words, sends the rest, and is not sent twice by a second run", async () => {
    await world.bury("partly", dead(10, "fp-partly"));
    const id = await started(world, redriveOf("fp-partly", 1000));
    const second = await planReplay(world.deps, redriveOf("fp-partly", 1000), OPERATOR);
    assert.equal(second.ok ? "" : second.error.message, "Nothing to send. 10: Another replay has it in hand.");
    const admin = world.kafka.admin();
    await admin.fetchTopicOffsets("partly-dlt"); // the client forgets to ask for the topic's leaders itself
    await admin.deleteTopicRecords({ topic: "partly-dlt", partitions: [{ partition: 0, offset: "4" }] });
    await admin.disconnect();
    const runner = world.startRunner();
    const done = await ended(world, id);
    await killNow(runner);
    assert.deepEqual([done.row.status, done.row.progress.sent, done.row.progress.failed], ["completed", 6, 4]);
    assert.deepEqual(
      [...new Set(done.items.items.filter(({ status }) => status === "failed").map(({ detail }) => detail))],
      ["No longer in its topic: retention has taken it"],
    );
    assert.equal(done.row.error, "4 could not be sent; each says why");
  });
});

testForgotten(() => world);
testOutcomes(() => world);
testUnderWay(() => world);
