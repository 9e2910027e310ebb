/** A topic with an event that its group cannot take, and the copy of it that a skip keeps. */
import assert from "node:assert/strict";
import { Partitioners } from "kafkajs";
import { FAILURE_MARKERS, readFailure, topicRoleByName } from "#lib/domain/failure/dead-letter.ts";
import { HeaderIndexer } from "#lib/domain/message/headers.ts";
import type { World } from "./replay-world.ts";

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
