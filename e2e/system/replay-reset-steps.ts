/** The steps that the tests of resets share: write events, place a group, plan, run, wait for the end. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Partitioners } from "kafkajs";
import { runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { ReplayPlanInput } from "#lib/contracts/replay-input.ts";
import type { OffsetResetPreview } from "#lib/contracts/replay-preview.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { getReplay } from "#lib/queries/replays.ts";
import { startKafkaJs } from "./consumers/kafkajs-consumer.ts";
import { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import type { RunningConsumer, Work } from "./consumers/work.ts";
import type { World } from "./replay-world.ts";

export const OPERATOR = { name: "ada", role: "operator" } as const;
export const WHY = "price fix 2.15 is live";
type Target = Extract<ReplayPlanInput, { kind: "offset_reset" }>["to"];

export const resetOf = (group: string, to: Target): ReplayPlanInput => ({
  kind: "offset_reset",
  cluster: "kafka",
  group,
  topics: [],
  to,
});

interface Protocol {
  readonly name: string;
  /** Starts one member, whose client id is the group's name with `-1`. */
  readonly start: (group: string, topic: string, work: Work) => Promise<RunningConsumer>;
}

export const protocolsOf = (world: () => World): readonly Protocol[] => [
  {
    name: "classic",
    start: (group, topic, work) =>
      startKafkaJs({ brokers: world().cluster.brokers, group, topic, clientId: `${group}-1`, work }),
  },
  {
    name: "consumer",
    start: (group, topic, work) =>
      startNextProtocol({ brokers: world().cluster.brokers, group, topic, clientId: `${group}-1`, work }),
  },
];

export function openResetSteps(world: () => World) {
  async function plan(input: ReplayPlanInput): Promise<{ id: number; preview: OffsetResetPreview }> {
    return draft(await planReplay(world().deps, input, OPERATOR));
  }

  function draft(made: Awaited<ReturnType<typeof planReplay>>): { id: number; preview: OffsetResetPreview } {
    assert.ok(made.ok, made.ok ? "" : made.error.message);
    assert.ok(made.value.preview.kind === "offset_reset");
    return { id: made.value.row.id, preview: made.value.preview };
  }

  async function see(id: number): Promise<ReplayView> {
    const found = await getReplay(world().deps, id, { limit: 1 });
    assert.ok(found.ok);
    return found.value;
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) if (await holds()) return;
    assert.fail(`not within a minute: ${what}`);
  }

  async function ended(id: number): Promise<ReplayView> {
    await until(`replay ${id} is over`, async () => (await see(id)).row.finishedAt !== null);
    return see(id);
  }

  async function run(id: number, waitForEmptySeconds = 0): Promise<void> {
    const started = await runReplay(world().deps, id, WHY, OPERATOR, { waitForEmptySeconds });
    assert.ok(started.ok, started.ok ? "" : started.error.message);
  }

  const committed = async (group: string): Promise<string[]> =>
    (await world().inspector.committed([group]))
      .sort((a, b) => a.partition - b.partition)
      .map(({ offset }) => offset.toString());
  const standsAt = (group: string, offsets: readonly string[]) =>
    until(`${group} at ${offsets.join(", ")}`, async () => (await committed(group)).join() === offsets.join());

  async function write(topic: string, events: number): Promise<void> {
    await world().createTopic(topic, 2);
    const producer = world().kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    await producer.send({
      topic,
      messages: Array.from({ length: events }, (_, i) => ({ partition: i % 2, value: `${i}` })),
    });
    await producer.disconnect();
  }

  /** Puts an empty group where it is to stand, as an operator with Kafka's own tools would. */
  const commitOffsets = (group: string, topic: string, offsets: readonly bigint[]) =>
    world().inspector.resetOffsets(
      group,
      offsets.map((offset, partition) => ({ topic, partition, offset })),
    );

  return { plan, draft, see, until, ended, run, committed, standsAt, write, commitOffsets };
}
