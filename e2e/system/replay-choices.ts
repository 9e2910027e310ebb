/** Topics, a trace and a dead letter that plans choose from, and the ways to choose. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { OPERATOR, plan, redriveOf } from "./replay-steps.ts";
import type { World } from "./replay-world.ts";

export const BEGAN_MS = Math.floor(Date.now() / 1000) * 1000 - 600_000;
export const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const UUID = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";
export const asked = (select: ReplaySelection, to: RedrivePlanInput["to"] = { how: "topic" }): RedrivePlanInput => ({
  ...redriveOf("", 1000),
  select,
  to,
  stale: "send",
});
export const refusal = async (world: World, input: RedrivePlanInput) => {
  const made = await planReplay(world.deps, input, OPERATOR);
  return made.ok ? "" : made.error.message;
};
export const chosen = async (world: World, input: RedrivePlanInput) => {
  const view = await plan(world, input);
  assert.ok(view.preview.kind === "redrive");
  return {
    id: view.row.id,
    preview: view.preview,
    positions: view.items.items.map((item) => `${item.sourceTopic}/${item.sourcePartition}/${item.sourceOffset}`),
  };
};

/** Answers the ids of the destinations. */
export async function fillChoices(world: World): Promise<{ orders: number; refunds: number }> {
  const { prisma, pool } = world.database;
  await ensurePartitions(pool, new Date());
  const ids = { orders: await world.createTopic("orders", 2), refunds: await world.createTopic("refunds", 1) };
  const producer = world.kafka.producer();
  await producer.connect();
  for (let i = 0; i < 10; i++)
    await producer.send({
      topic: "orders",
      messages: [
        {
          partition: i % 2,
          key: `c-${i % 2}`,
          value: i === 9 ? "{broken" : `{"order":${i}}`,
          timestamp: String(BEGAN_MS + i * 1000),
        },
      ],
    });
  await producer.send({
    topic: "refunds",
    messages: [{ key: "c-0", value: '{"refund":1}', timestamp: String(BEGAN_MS + 500) }],
  });
  await producer.send({ topic: "refunds", messages: [{ key: "c-2", value: randomBytes(2000).toString("base64") }] });
  /** of the body, and of a key of three letters */
  const bytesOf = (destinationId: number, position: bigint) =>
    3 + (destinationId === ids.refunds ? '{"refund":1}' : position === 4n ? "{broken" : '{"order":0}').length;
  const index = (destinationId: number, partition: number, position: bigint, key: string, second: number, flags = 0) =>
    prisma.$executeRaw`
        INSERT INTO events (
          stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key, trace_id
        )
        VALUES (
          now(), to_timestamp(${BEGAN_MS / 1000 + second}::float8), ${position}, ${destinationId},
          ${partition}, ${bytesOf(destinationId, position)}, ${flags}, ${key}, ${UUID}::uuid
        )`;
  await index(ids.orders, 0, 0n, "c-0", 0);
  await index(ids.orders, 0, 1n, "c-0", 2);
  await index(ids.refunds, 0, 0n, "c-0", 0.5);
  await index(ids.orders, 1, 2n, "c-1", 5);
  await index(ids.orders, 1, 4n, "c-1", 9, 1 << 7);
  const cluster = await prisma.cluster.findFirstOrThrow();
  await prisma.trace.create({
    data: {
      traceId: UUID,
      firstAt: new Date(BEGAN_MS),
      lastAt: new Date(),
      events: 5,
      errors: 1,
      rootDestination: ids.orders,
      serviceIds: [],
      destinationIds: [ids.orders],
      typeIds: [],
    },
  });
  const dlt = await world.createTopic("orders-dlt", 1);
  const failedAt = new Date();
  await producer.send({
    topic: "orders-dlt",
    messages: [{ key: "c-0", value: '{"order":2}', timestamp: String(failedAt.getTime()) }],
  });
  await producer.disconnect();
  await prisma.destination.update({ where: { id: dlt }, data: { role: "dead_letter" } });
  await prisma.failure.create({
    data: {
      clusterId: cluster.id,
      destinationId: dlt,
      partition: 0,
      position: 0n,
      failedAt,
      format: "spring",
      fingerprint: "fp-of-orders",
      title: "it broke",
      storedAt: new Date(),
      originalDestination: "orders",
      originalDestinationId: ids.orders,
      originalPartition: 0,
      originalPosition: 1n,
      groupName: "payments",
      key: "c-0",
      traceId: UUID,
    },
  });
  return ids;
}
