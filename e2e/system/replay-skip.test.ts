/**
 * Moving a real group past the event that holds it: a copy is kept once, and nothing else is passed over,
 * whatever is killed.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { openBroker } from "#lib/brokers/open.ts";
import { runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { planUndo } from "#lib/commands/undo-reset.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { skipHeaders } from "#lib/domain/replay/skip.ts";
import { getReplay } from "#lib/queries/replays.ts";
import { claimRun } from "#lib/store/replays/claimed-run.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { startKafkaJs } from "./consumers/kafkajs-consumer.ts";
import { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import type { Work } from "./consumers/work.ts";
import { aTopic, assertOneCopy } from "./replay-skip-steps.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

const OPERATOR = { name: "ada", role: "operator" } as const;
const WHY = "no currency in it";
const log = openLog("test");
log.level = "silent";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

const planSkip = (topic: string, offset: string) =>
  planReplay(world.deps, { kind: "skip", cluster: "kafka", group: topic, topic, partition: 0, offset }, OPERATOR);

async function drafted(topic: string): Promise<number> {
  const made = await planSkip(topic, "2");
  assert.ok(made.ok, made.ok ? "" : made.error.message);
  return made.value.row.id;
}

async function ended(
  id: number,
  until: (view: ReplayView) => boolean = ({ row }) => row.finishedAt !== null,
): Promise<ReplayView> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    const found = await getReplay(world.deps, id, { limit: 1 });
    if (found.ok && until(found.value)) return found.value;
  }
  assert.fail(`replay ${id} did not get there`);
}

const stands = async (group: string): Promise<string | undefined> =>
  (await world.inspector.committed([group]))[0]?.offset.toString();
const untilAt = async (group: string, offset: string): Promise<void> => {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100))
    if ((await stands(group)) === offset) return;
  assert.fail(`${group} did not get to ${offset}, but to ${await stands(group)}`);
};

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
  assert.ok((await runReplay(world.deps, id, WHY, OPERATOR, 120)).ok);
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

async function assertGoesOn(topic: string, start: typeof startKafkaJs | typeof startNextProtocol): Promise<void> {
  const seen: bigint[] = [];
  const next = await start({
    brokers: world.cluster.brokers,
    group: topic,
    topic,
    work: ({ offset }) => Promise.resolve(void seen.push(offset)),
  });
  await untilAt(topic, "10");
  await next.stop();
  assert.deepEqual(seen, [3n, 4n, 5n, 6n, 7n, 8n, 9n]);
}

describe("a skip", () => {
  it("says in words why it cannot be", async () => {
    await aTopic(world, "said");
    await world.createTopic("bare", 1);
    const words = async (input: {
      offset?: string;
      topic?: string;
      group?: string;
      deadLetterTopic?: string;
    }): Promise<string> => {
      const made = await planReplay(
        world.deps,
        { kind: "skip", cluster: "kafka", group: "said", topic: "said", partition: 0, offset: "2", ...input },
        OPERATOR,
      );
      return made.ok ? "" : made.error.message;
    };
    assert.match(await words({}), /^said has never committed on said\[0\]/);
    await world.inspector.resetOffsets("said", [{ topic: "said", partition: 0, offset: 2n }]);
    assert.match(await words({ offset: "1" }), /^said is past offset 1 of said\[0\] already: it stands at 2\.$/);
    assert.match(
      await words({ offset: "5" }),
      /^Offset 5 of said\[0\] is not the next event for said: it stands at 2, and the event at 2 comes first/,
    );
    const create = String.raw`kafka-topics\.sh .+ --create --topic none --partitions 1`;
    assert.match(
      await words({ deadLetterTopic: "none" }),
      new RegExp(String.raw`^There is no topic none to keep the copy in\. Choose another, or create it: ${create}$`),
    );
    assert.match(await words({ deadLetterTopic: "said" }), /^The copy must go to another topic/);
    assert.match(await words({ topic: "nowhere" }), /^There is no nowhere\[0\] on kafka\.$/);
    const { prisma } = world.database;
    const [source, deadLetters] = await Promise.all(
      ["said", "bare"].map((name) => prisma.destination.findFirstOrThrow({ where: { name } })),
    );
    await prisma.failure.create({
      data: {
        clusterId: source!.clusterId,
        destinationId: deadLetters!.id,
        partition: 0,
        position: 0n,
        failedAt: new Date(),
        storedAt: new Date(),
        format: "spring",
        fingerprint: "f",
        title: "t",
        groupName: "said",
        originalDestination: "said",
        originalDestinationId: source!.id,
      },
    });
    const made = await planSkip("said", "2");
    assert.ok(made.ok && made.value.preview.kind === "skip");
    assert.deepEqual(
      [
        made.value.preview.deadLetterTopic,
        made.value.preview.to,
        made.value.preview.waitingBehind,
        made.value.preview.key,
      ],
      ["bare", "3", "7", "cust-2"],
      "where the group's dead letters go",
    );
  });

  it("is done once, wherever its executor died", async () => {
    const begun: number[] = [];
    const deaths = ["marked", "copied", "moved"] as const;
    for (const death of deaths) {
      await aTopic(world, death);
      await world.inspector.resetOffsets(death, [{ topic: death, partition: 0, offset: 2n }]);
      const id = await drafted(death);
      assert.ok((await runReplay(world.deps, id, WHY, OPERATOR)).ok);
      const claimed = await claimRun(world.database, id);
      assert.ok(claimed);
      await claimed.begin();
      assert.ok(await claimed.items.markSending([0], { endsBefore: {} }));
      if (death !== "marked") {
        const publisher = await openBroker(world.cluster).openPublisher(`flowtap-replay-${claimed.wireName}`, log);
        const [event] = (await world.readAll(death)).filter(({ offset }) => offset === 2n);
        const headers = skipHeaders(
          event?.headers ?? [],
          {
            origin: { topic: death, partition: 0, offset: 2n },
            timestampMs: event?.timestampMs ?? 0,
            group: death,
            by: "ada",
            why: WHY,
          },
          { run: claimed.wireName, item: 0 },
        );
        const placed = await publisher.publish([
          {
            topic: `${death}.flowtap-dlt`,
            partition: null,
            key: event?.key ?? null,
            value: event?.value ?? null,
            headers,
          },
        ]);
        await publisher.close();
        if (death === "moved") {
          await claimed.items.markSent(placed.map((at) => ({ ...at, seq: 0 })));
          await world.inspector.resetOffsets(death, [{ topic: death, partition: 0, offset: 3n }]);
        }
      }
      await claimed.release();
      begun.push(id);
    }
    const runner = world.startRunner();
    for (const [i, death] of deaths.entries()) {
      const done = await ended(begun[i] as number);
      assert.deepEqual([done.row.status, done.row.error, await stands(death)], ["completed", null, "3"], death);
      await assertOneCopy(world, death, WHY);
    }
    await killNow(runner);
  });
});
