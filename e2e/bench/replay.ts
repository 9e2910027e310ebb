/**
 * `npm run bench -- replay`: how fast the runner, a process of its own, sends 10,000 dead letters again with no limit
 * of its rate (settled, marked and guarded as always), beside a raw KafkaJS transactional producer of the same records
 * at the same broker, which has nothing to read and nothing to note. Each is timed with its connecting; the runner from
 * taking the run up to its end.
 */
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { Headers } from "#lib/domain/message/headers.ts";
import { replayHeaders } from "#lib/domain/replay/replay-headers.ts";
import type { DeadEvent } from "../system/replay-dead-letters.ts";
import { killNow, openWorld, type World } from "../system/replay-world.ts";

const EVENTS = 10_000;
const PER_TRANSACTION = 1000;
const ROUNDS = 3;
const LIMIT_MS = 120_000;
const BODY = JSON.stringify({ note: "x".repeat(230) });
const OPERATOR = { name: "bench", role: "operator" } as const;

export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const world = await openWorld({ isShortLived: false });
  try {
    const ratios: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const topic = `bench-${round}`;
      await world.bury(topic, events(topic), BODY);
      const runnerPerSecond = EVENTS / (await redriven(world, topic));
      const rawPerSecond = EVENTS / (await producedRaw(world, topic));
      ratios.push(runnerPerSecond / rawPerSecond);
      report({
        name: "replay.redrive",
        value: Math.round(runnerPerSecond),
        unit: "events/s",
        baseline: Math.round(rawPerSecond),
        ratio: rounded(runnerPerSecond / rawPerSecond),
        round,
      });
    }
    const median = ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
    report({
      name: "replay.ratio",
      value: rounded(median),
      unit: "of raw",
      baseline: 0.6,
      ratio: rounded(median),
      events: EVENTS,
      perTransaction: PER_TRANSACTION,
    });
  } finally {
    await world.stop();
  }
}

const events = (topic: string): DeadEvent[] =>
  Array.from({ length: EVENTS }, (_, i) => ({
    key: `cust-${i % 500}`,
    partition: (i % 500) % 6,
    offset: BigInt(i),
    fingerprint: `fp-${topic}`,
  }));

/** Seconds from taking the run up to its end, after which every event lies in its topic once. */
async function redriven(world: World, topic: string): Promise<number> {
  const planned = await planReplay(
    world.deps,
    {
      kind: "redrive",
      select: { by: "fingerprint", fingerprint: `fp-${topic}` },
      to: { how: "topic" },
      stale: "send",
      time: "now",
      ratePerSecond: 100_000,
      canary: { items: 0, timeoutSeconds: 60, then: "pause" },
      stopAbove: 1,
    },
    OPERATOR,
  );
  if (!planned.ok) throw new Error(planned.error.message);
  const { id } = planned.value.row;
  const queued = await runReplay(world.deps, id, "bench", OPERATOR);
  if (!queued.ok) throw new Error(queued.error.message);
  const runner = world.startRunner();
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(200)) {
    const { status, startedAt, finishedAt } = await world.database.prisma.replayRun.findUniqueOrThrow({
      where: { id },
    });
    if (finishedAt === null || startedAt === null) continue;
    await killNow(runner);
    const there = (await world.readAll(topic)).length;
    if (status !== "completed" || there !== EVENTS)
      throw new Error(`the run is ${status}, and ${there} of ${EVENTS} events are there`);
    return (finishedAt.getTime() - startedAt.getTime()) / 1000;
  }
  throw new Error("the run did not end in time");
}

/** The same records as the runner sent, from memory. */
async function producedRaw(world: World, topic: string): Promise<number> {
  const deadLetters = await world.readAll(`${topic}-dlt`);
  const messages = deadLetters.map(({ key, value, headers, offset }, i) => ({
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    partition: (i % 500) % 6,
    headers: asObject(
      replayHeaders(headers, { run: "0-000000000000", item: i }, { topic: `${topic}-dlt`, partition: 0, offset }),
    ),
  }));
  await world.createTopic(`${topic}-raw`, 6);
  const startedAt = performance.now();
  const producer = world.kafka.producer({
    transactionalId: `raw-${topic}`,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (let from = 0; from < messages.length; from += PER_TRANSACTION) {
    const transaction = await producer.transaction();
    await transaction.send({
      topic: `${topic}-raw`,
      acks: -1,
      compression: kafkajs.CompressionTypes.GZIP,
      messages: messages.slice(from, from + PER_TRANSACTION),
    });
    await transaction.commit();
  }
  await producer.disconnect();
  return (performance.now() - startedAt) / 1000;
}

const asObject = (headers: Headers): kafkajs.IHeaders =>
  Object.fromEntries(headers.map(([name, value]) => [name, Buffer.from(value ?? [])]));
const rounded = (ratio: number): number => Math.round(ratio * 1000) / 1000;
