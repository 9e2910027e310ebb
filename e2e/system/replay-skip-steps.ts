/** The steps that the tests of skips share: a topic with an event that its group cannot process, plan, run and check. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Partitioners } from "kafkajs";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { FAILURE_MARKERS, readFailure, topicRoleByName } from "#lib/domain/failure/dead-letter.ts";
import { HeaderIndexer } from "#lib/domain/message/headers.ts";
import { getReplay } from "#lib/queries/replays.ts";
import type { startKafkaJs } from "./consumers/kafkajs-consumer.ts";
import type { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import type { World } from "./replay-world.ts";

export const OPERATOR = { name: "ada", role: "operator" } as const;
export const WHY = "no currency in it";

const markers = new HeaderIndexer(new Map(FAILURE_MARKERS.map((name) => [name, 1])));

/** Ten events on one partition, the third of which the group cannot take. */
export async function aTopic(world: World, topic: string): Promise<void> {
  await world.createTopic(topic, 1);
  await world.createTopic(`${topic}.flowtap-dlt`, 2);
  const producer = world.kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await producer.send({
    topic,
    messages: Array.from({ length: 10 }, (_, i) => ({
      key: `cust-${i}`,
      value: `event ${i}`,
      headers: { tenant: "acme" },
    })),
  });
  await producer.disconnect();
}

/** The copy of the third event, and no other, lies in the topic of dead letters. */
export async function assertOneCopy(world: World, topic: string, why: string): Promise<void> {
  const [copy, ...more] = await world.readAll(`${topic}.flowtap-dlt`);
  assert.ok(copy);
  assert.equal(more.length, 0, "one copy");
  assert.deepEqual(
    [Buffer.from(copy.key ?? []).toString(), Buffer.from(copy.value ?? []).toString()],
    ["cust-2", "event 2"],
  );
  const deadLetter = readFailure(
    markers.index(copy.headers),
    `${topic}.flowtap-dlt`,
    topicRoleByName(`${topic}.flowtap-dlt`),
    true,
  ).deadLetter;
  assert.deepEqual(
    [
      deadLetter?.format,
      deadLetter?.originalTopic,
      deadLetter?.originalPartition,
      deadLetter?.originalOffset,
      deadLetter?.consumerGroup,
      deadLetter?.message,
    ],
    ["flowtap-skip", topic, 0, 2n, topic, `Skipped by ada: ${why}`],
  );
}

export function openSkipSteps(world: () => World) {
  const planSkip = (topic: string, offset: string) =>
    planReplay(world().deps, { kind: "skip", cluster: "kafka", group: topic, topic, partition: 0, offset }, OPERATOR);

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
      const found = await getReplay(world().deps, id, { limit: 1 });
      if (found.ok && until(found.value)) return found.value;
    }
    assert.fail(`replay ${id} did not get there`);
  }

  const stands = async (group: string): Promise<string | undefined> =>
    (await world().inspector.committed([group]))[0]?.offset.toString();
  const untilAt = async (group: string, offset: string): Promise<void> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100))
      if ((await stands(group)) === offset) return;
    assert.fail(`${group} did not get to ${offset}, but to ${await stands(group)}`);
  };

  async function assertGoesOn(topic: string, start: typeof startKafkaJs | typeof startNextProtocol): Promise<void> {
    const seen: bigint[] = [];
    const next = await start({
      brokers: world().cluster.brokers,
      group: topic,
      topic,
      work: ({ offset }) => Promise.resolve(void seen.push(offset)),
    });
    await untilAt(topic, "10");
    await next.stop();
    assert.deepEqual(seen, [3n, 4n, 5n, 6n, 7n, 8n, 9n]);
  }

  return { planSkip, drafted, ended, stands, untilAt, assertGoesOn };
}
