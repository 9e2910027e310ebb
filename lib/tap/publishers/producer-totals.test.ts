import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProducerTotals } from "./producer-totals.ts";

const [ORDERS, AUDIT] = [1, 2];
const [shop, pay] = [5, 6];
const batchOf = (id: bigint) => ({ id, isTransactional: false });
const lines = (totals: ProducerTotals) =>
  totals.all.map(
    (one) =>
      `${one.producerId} to ${one.destinationId} ×${one.records}, ${one.namedRecords} named ${one.serviceId}` +
      `${one.hasConflict ? " or another" : ""}, ${one.firstAtMs} to ${one.lastAtMs}`,
  );

describe("ProducerTotals", () => {
  it("sums up batches by producer and destination", () => {
    const totals = new ProducerTotals();
    const [a, again, other] = [batchOf(7n), batchOf(7n), batchOf(8n)];
    totals.add(ORDERS, a, 10, null);
    totals.add(ORDERS, a, 12, shop);
    totals.add(AUDIT, again, 13, null);
    totals.add(ORDERS, other, 14, null);
    totals.add(ORDERS, again, 11, null);
    assert.deepEqual(lines(totals), [
      `7 to ${ORDERS} ×3, 1 named ${shop}, 10 to 12`,
      `8 to ${ORDERS} ×1, 0 named null, 14 to 14`,
      `7 to ${AUDIT} ×1, 0 named null, 13 to 13`,
    ]);
    totals.clear();
    totals.add(ORDERS, a, 20, null);
    assert.deepEqual(lines(totals), [`7 to ${ORDERS} ×1, 0 named null, 20 to 20`]);
  });

  it("says when the records of one producer name several services", () => {
    const totals = new ProducerTotals();
    const relay = batchOf(7n);
    for (const service of [shop, pay, shop]) totals.add(ORDERS, relay, 0, service);
    assert.deepEqual(lines(totals), [`7 to ${ORDERS} ×3, 3 named ${shop} or another, 0 to 0`]);
  });

  it("is bounded where every record has a producer of its own", () => {
    const totals = new ProducerTotals();
    for (let i = 0n; i < 6000n; i++) totals.add(ORDERS, batchOf(i), 0, null);
    totals.add(ORDERS, batchOf(3n), 0, null);
    assert.deepEqual([totals.all.length, totals.dropped], [5000, 1000]);
    assert.equal(totals.all[3]?.records, 2);
    totals.clear();
    assert.equal(totals.dropped, 0);
  });
});
