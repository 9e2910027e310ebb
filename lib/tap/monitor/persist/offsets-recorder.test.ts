import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { log } from "../partition-world.test-data.ts";
import { OffsetsRecorder } from "./offsets-recorder.ts";

describe("OffsetsRecorder", () => {
  it("writes offsets that changed, and all of them every half minute", () => {
    const recorder = new OffsetsRecorder();
    const changed = (ends: readonly [number, number], nowMs: number) =>
      recorder.changed([log(0, ends[0]), log(1, ends[1])], nowMs).map(({ partition }) => partition);
    const startMs = 1_000_000;
    assert.deepEqual(changed([5, 7], startMs), [0, 1]);
    assert.deepEqual(changed([5, 8], startMs + 5000), [1]);
    assert.deepEqual(changed([5, 8], startMs + 10_000), []);
    assert.deepEqual(changed([5, 8], startMs + 30_001), [0, 1]);
  });

  it("writes a partition again when another transaction holds it", () => {
    const recorder = new OffsetsRecorder();
    const held = (producerId: bigint) =>
      log(0, 9, {
        stable: 5,
        heldByTransaction: { sinceMs: 0, producerId, producerEpoch: 0, transactionalId: null, startedAtMs: null },
      });
    assert.equal(recorder.changed([held(1n)], 1000).length, 1);
    assert.equal(recorder.changed([held(1n)], 2000).length, 0);
    assert.equal(recorder.changed([held(2n)], 3000).length, 1);
  });
});
