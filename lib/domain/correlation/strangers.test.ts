/** Many flows under one id: a correlation id that everybody sends, or a batch job's one trace. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleTrace } from "./assemble.ts";
import { event, ORDERS, orders, PAYMENTS, payments, subscription } from "./order-saga.test-data.ts";
import { indexSubscriptions } from "./subscriptions.ts";
import type { TraceEvent } from "./trace.ts";

const FLOWS = 20;
const numbers = Array.from({ length: FLOWS }, (_, i) => i);
const causesOf = (events: readonly TraceEvent[]) =>
  assembleTrace(events, indexSubscriptions([subscription(payments, ORDERS)])).causes.map(
    ({ fromId, toId }) => `${fromId} ${toId}`,
  );
const all = (keyOf: (i: number) => string | null): TraceEvent[] => [
  ...numbers.map((i) => event(`order${i}`, ORDERS, i, orders, { ownTrace: null, key: keyOf(i) })),
  ...numbers.map((i) => event(`payment${i}`, PAYMENTS, 100 + i, payments, { ownTrace: null, key: keyOf(i) })),
];

describe("many flows under one id", () => {
  it("have no causes where nothing tells which is which", () => {
    assert.deepEqual(causesOf(all(() => null)), []);
    assert.deepEqual(causesOf(all(() => "default")), []);
  });

  it("are told apart by the keys of their records", () =>
    assert.deepEqual(
      causesOf(all((i) => `${i}`)),
      numbers.map((i) => `order${i} payment${i}`),
    ));

  it("are told apart where one ends before the next begins", () =>
    assert.deepEqual(
      causesOf(
        numbers.flatMap((i) => [
          event(`order${i}`, ORDERS, 10 * i, orders),
          event(`payment${i}`, PAYMENTS, 10 * i + 5, payments),
        ]),
      ),
      numbers.map((i) => `order${i} payment${i}`),
    ));

  it("cost no more than their number: 20,000 under one id", () => {
    const events = Array.from({ length: 10_000 }, (_, i) => [
      event(`order${i}`, ORDERS, i, orders),
      event(`payment${i}`, PAYMENTS, i + 5000, payments),
    ]).flat();
    assert.deepEqual(causesOf(events), []);
  });
});
