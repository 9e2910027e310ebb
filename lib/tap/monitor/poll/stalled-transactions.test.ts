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

describe("Pins", () => {
  it("asks for a partition that stands still below its end for ten seconds, once while it is not answered, and tells since when", () => {
    const pins = new StalledTransactions();
    assert.deepEqual(pins.add([at(5n, 9n), at(3n, 3n, 1)], 0), []);
    assert.deepEqual(pins.add([at(5n, 12n)], 5000), []);
    assert.equal(pins.of(at(5n, 12n), 5000), null);
    const wanted = pins.add([at(5n, 20n)], 10_000);
    assert.equal(wanted.length, 1);
    pins.setTransactions(wanted, new Map(), 10_000);
    assert.deepEqual(pins.of(at(5n, 20n), 10_000), {
      sinceMs: 0,
      producerId: null,
      producerEpoch: null,
      transactionalId: null,
      startedAtMs: null,
    });
    assert.deepEqual(pins.add([at(5n, 20n)], 15_000), []);
    const again = pins.add([at(5n, 20n)], 40_000);
    pins.setTransactions(again, new Map([["t/0", transaction]]), 40_000);
    assert.deepEqual(pins.of(at(5n, 20n), 40_000), { sinceMs: 0, ...transaction });
    assert.deepEqual(pins.add([at(5n, 20n)], 100_000), []);
  });

  it("lets go when the offset moves, even if not to the end", () => {
    const pins = new StalledTransactions();
    pins.add([at(5n, 9n)], 0);
    pins.add([at(6n, 12n)], 10_000);
    assert.equal(pins.of(at(6n, 12n), 15_000), null);
    pins.add([at(12n, 12n)], 30_000);
    assert.equal(pins.of(at(12n, 12n), 30_000), null);
  });
});
