import assert from "node:assert/strict";
import { it } from "node:test";
import { TappedPartitions } from "./tapped-partitions.ts";
import type { RegisteredTopic } from "./topic-discovery.ts";

const topic = (name: string, partitions: number, over: Partial<RegisteredTopic> = {}): RegisteredTopic => ({
  topic: name,
  topicId: `id of ${name}`,
  role: "event",
  declared: null,
  partitionCount: partitions,
  replication: 1,
  tapped: true,
  destinationId: name.length,
  partitions: Array.from({ length: partitions }, (_, i) => i),
  ...over,
});

it("partitions stay the same objects until their topic is another one", () => {
  const tapped = new TappedPartitions();
  const first = [topic("a", 1), topic("bb", 2), topic("__offsets", 1, { tapped: false })];
  assert.ok(tapped.update(first, ["__offsets"]));
  assert.ok(!tapped.update(first, ["__offsets"]));
  const [a, b0, b1] = tapped.events;
  assert.deepEqual(
    tapped.commits.map((at) => at.topic),
    ["__offsets"],
  );

  assert.ok(tapped.update([topic("new", 1), topic("bb", 3), topic("a", 1)], []));
  const [, ...rest] = tapped.events;
  assert.ok(rest[0] === b0 && rest[1] === b1 && rest[3] === a, "one was added in front, one has grown");
  assert.deepEqual([rest[2]?.partition, tapped.commits], [2, []]);

  assert.ok(tapped.update([topic("a", 1, { destinationId: 7, topicId: "another" })], []));
  assert.ok(tapped.events[0] !== a);
  assert.equal(tapped.events[0]?.generation, 7);
});
