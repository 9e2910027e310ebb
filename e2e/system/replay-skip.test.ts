/**
 * Moving a real group past the event that holds it: a copy is kept once, and nothing else is passed over,
 * whatever is killed.
 */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { runReplay } from "#lib/commands/change-replay.ts";
import { planUndo } from "#lib/commands/undo-reset.ts";
import { startKafkaJs } from "./consumers/kafkajs-consumer.ts";
import { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import type { Work } from "./consumers/work.ts";
import { testSkips } from "./replay-skip-empty.ts";
import { aTopic, assertOneCopy, openSkipSteps, OPERATOR, WHY } from "./replay-skip-steps.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

const { drafted, ended, stands, untilAt, assertGoesOn } = openSkipSteps(() => world);

/** What fails on the third event fails on it for ever. */
const cannotTakeIt: Work = ({ offset }) =>
  offset === 2n
    ? Promise.reject(new Error("Cannot read properties of undefined (reading 'currency')"))
    : Promise.resolve();

it("gets a group past its poison event once its consumer has left, and past nothing else", async () => {
  const topic = "orders-classic";
  await aTopic(world, topic);
  const first = await startKafkaJs({ brokers: world.cluster.brokers, group: topic, topic, work: cannotTakeIt });
  await untilAt(topic, "2");
  const id = await drafted(topic);
  const refused = await runReplay(world.deps, id, WHY, OPERATOR);
  assert.match(refused.ok ? "" : refused.error.message, new RegExp(`^${topic} must be empty for that`));
  assert.ok((await runReplay(world.deps, id, WHY, OPERATOR, { waitForEmptySeconds: 120 })).ok);
  const runner = world.startRunner();
  const waiting = await ended(id, ({ row }) => row.hold?.kind === "waiting_for_empty_group");
  assert.match(waiting.row.error ?? "", new RegExp(`^waits for ${topic} to be empty: `));
  assert.equal((await world.readAll(`${topic}.flowtap-dlt`)).length, 0, "no copy of what may yet be processed");
  await first.stop();
  const done = await ended(id);
  await killNow(runner);
  assert.deepEqual(
    [done.row.status, done.row.error, done.row.progress.sent, await stands(topic)],
    ["completed", null, 1, "3"],
  );
  await assertOneCopy(world, topic, WHY);
  await assertGoesOn(topic, startKafkaJs);
});

it("moves a group of the newer protocol too", async () => {
  const topic = "orders-consumer";
  await aTopic(world, topic);
  await world.inspector.resetOffsets(topic, [{ topic, partition: 0, offset: 10n }]);
  // A member makes it a group of that protocol.
  await (
    await startNextProtocol({ brokers: world.cluster.brokers, group: topic, topic, work: () => Promise.resolve() })
  ).stop();
  await world.inspector.resetOffsets(topic, [{ topic, partition: 0, offset: 2n }]);
  const id = await drafted(topic);
  assert.ok((await runReplay(world.deps, id, WHY, OPERATOR)).ok);
  const runner = world.startRunner();
  const done = await ended(id);
  await killNow(runner);
  assert.deepEqual([done.row.status, done.row.error, await stands(topic)], ["completed", null, "3"]);
  await assertOneCopy(world, topic, WHY);

  const { prisma } = world.database;
  const deadLetters = await prisma.destination.findFirstOrThrow({ where: { name: `${topic}.flowtap-dlt` } });
  const copy = {
    clusterId: deadLetters.clusterId,
    destinationId: deadLetters.id,
    partition: done.items.items[0]?.targetPartition ?? -1,
    position: BigInt(done.items.items[0]?.targetOffset ?? -1),
    failedAt: new Date(),
    storedAt: new Date(),
    format: "flowtap-skip",
    fingerprint: "skipped",
    title: "skipped",
    groupName: topic,
  };
  await prisma.failure.create({ data: copy });
  const back = await planUndo(world.deps, id, OPERATOR);
  assert.ok(back.ok && back.value.preview.kind === "offset_reset");
  const copyNote = `Its copy stays in ${topic}.flowtap-dlt, and its failure is marked resolved.`;
  assert.deepEqual(
    [
      back.value.preview.partitions.map(({ from, to }) => [from, to]),
      back.value.preview.undoes,
      back.value.preview.notes[0],
    ],
    [
      [["3", "2"]],
      { run: id, consumedSince: "0" },
      `The event at offset 2 of ${topic}[0] comes to the group again. ${copyNote}`,
    ],
  );
  assert.ok((await runReplay(world.deps, back.value.row.id, WHY, OPERATOR)).ok);
  const again = world.startRunner();
  assert.equal((await ended(back.value.row.id)).row.status, "completed");
  await killNow(again);
  assert.deepEqual(
    [await stands(topic), (await prisma.failure.findFirstOrThrow({ where: { fingerprint: "skipped" } })).status],
    ["2", "resolved"],
  );
  const twice = await planUndo(world.deps, id, OPERATOR);
  assert.match(
    twice.ok ? "" : twice.error.message,
    new RegExp(`^Replay ${back.value.row.id} has moved ${topic} there since\\. Take that back first`),
  );
  await world.inspector.resetOffsets(topic, [{ topic, partition: 0, offset: 3n }]);
  await assertGoesOn(topic, startNextProtocol);
});

testSkips(() => world);
