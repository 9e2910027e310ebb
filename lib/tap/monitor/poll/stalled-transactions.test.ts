import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StalledTransactions } from "./stalled-transactions.ts";

const at = (lastStableOffset: bigint, endOffset: bigint, partition = 0) => ({
  topic: "t",
  partition,
  logStartOffset: 0n,
  lastStableOffset,
  endOffset,
});
const transaction = { producerId: 9n, producerEpoch: 1, transactionalId: "tx", startedAtMs: 500 };

describe("StalledTransactions", () => {
  it("asks which transaction holds a partition for ten seconds, not too often, and keeps since when it does", () => {
    const stalled = new StalledTransactions();
    assert.deepEqual(stalled.add([at(5n, 9n), at(3n, 3n, 1)], 0), []);
    assert.deepEqual(stalled.add([at(5n, 12n)], 5000), []);
    assert.equal(stalled.of(at(5n, 12n), 5000), null);
    const toAsk = stalled.add([at(5n, 20n)], 10_000);
    assert.equal(toAsk.length, 1);
    stalled.setTransactions(toAsk, new Map(), 10_000);
    assert.deepEqual(stalled.of(at(5n, 20n), 10_000), {
      sinceMs: 0,
      producerId: null,
      producerEpoch: null,
      transactionalId: null,
      startedAtMs: null,
    });
    assert.deepEqual(stalled.add([at(5n, 20n)], 15_000), []);
    const again = stalled.add([at(5n, 20n)], 40_000);
    stalled.setTransactions(again, new Map([["t/0", transaction]]), 40_000);
    assert.deepEqual(stalled.of(at(5n, 20n), 40_000), { sinceMs: 0, ...transaction });
    assert.deepEqual(stalled.add([at(5n, 20n)], 100_000), []);
  });

  it("forgets a transaction when the last stable offset moves, even if not to the end", () => {
    const stalled = new StalledTransactions();
    stalled.add([at(5n, 9n)], 0);
    stalled.add([at(6n, 12n)], 10_000);
    assert.equal(stalled.of(at(6n, 12n), 15_000), null);
    stalled.add([at(12n, 12n)], 30_000);
    assert.equal(stalled.of(at(12n, 12n), 30_000), null);
  });
});
