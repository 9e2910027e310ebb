import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { followKeys, keyHomes, type NewestEvent } from "./key-home.ts";
import { aDeadLetter } from "./redrive.test-data.ts";
import type { RedriveItem } from "./redrive.ts";

const item = (key: string | null, partition: number, offset: bigint, atMs: number): RedriveItem => ({
  event: aDeadLetter({ key, originalPartition: partition, originalOffset: offset, publishedAtMs: atMs }),
  targetTopic: "orders",
  targetPartition: partition,
});
const newest = (key: string, partition: number, offset: bigint, atMs: number): NewestEvent => ({
  topic: "orders",
  key,
  partition,
  offset,
  atMs,
});

describe("where a key lives", () => {
  it("is where its newest event lies: that is newer than the dead letter, also in another partition", () => {
    const items = [item("a", 2, 10n, 100), item("b", 2, 11n, 110), item("c", 2, 12n, 120), item(null, 2, 13n, 130)];
    const homes = keyHomes(items, [
      newest("a", 2, 10n, 100),
      newest("a", 5, 3n, 500),
      newest("b", 2, 14n, 140),
      newest("c", 2, 12n, 120),
      newest("c", 4, 1n, 90),
    ]);
    assert.deepEqual(
      [...homes],
      [
        [0, { partition: 5, newer: 3n }],
        [1, { partition: 2, newer: 14n }],
      ],
    );
    assert.deepEqual(
      followKeys(items, homes).map(({ targetPartition }) => targetPartition),
      [5, 2, 2, 2],
    );
  });

  it("puts dead letters of one key that meet in a partition in the order of their times", () => {
    // As planned: by partition and offset. The topic grew, and the key went from 3 to 1.
    const items = [item("a", 1, 7n, 400), item("x", 1, 8n, 410), item("a", 3, 1n, 100), item("a", 3, 2n, 200)];
    const homes = keyHomes(items, [newest("a", 3, 2n, 200), newest("a", 1, 7n, 400)]);
    assert.deepEqual(
      [...homes],
      [
        [2, { partition: 1, newer: null }],
        [3, { partition: 1, newer: null }],
      ],
      "what is sent itself is no newer event",
    );
    assert.deepEqual(
      followKeys(items, homes).map(({ event, targetPartition }) => [event.key, event.publishedAtMs, targetPartition]),
      [
        ["a", 100, 1],
        ["x", 410, 1],
        ["a", 200, 1],
        ["a", 400, 1],
      ],
    );
  });

  it("moves nothing that is sent by key, or to another topic", () => {
    const items = [{ ...item("a", 2, 10n, 100), targetPartition: null }];
    assert.deepEqual(followKeys(items, keyHomes(items, [newest("a", 5, 3n, 500)])), items);
  });
});
