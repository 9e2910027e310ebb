/** Kafka Streams: the input, its own repartition topics and the output with one span and in one millisecond. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleTrace } from "./assemble.ts";
import { event } from "./order-saga.test-data.ts";
import { indexSubscriptions } from "./subscriptions.ts";
import type { GroupSubscription, TraceEvent } from "./trace.ts";

const [ORDERS, REPARTITION, TOTALS] = [31, 32, 33];
const [shop, totals, reports, audit] = [41, 42, 43, 44];
const reads = (groupId: number, destinationId: number, isOwn = false): GroupSubscription => ({
  ...{ groupId, destinationId, isOwn },
  serviceId: null,
});
const READS = [reads(totals, ORDERS), reads(totals, REPARTITION, true)];
const OTHERS = [reads(reports, TOTALS), reads(audit, ORDERS), reads(audit, TOTALS)];

/** Ids that order the events in any way. */
const ORDERS_OF_IDS = [
  ["1", "2", "3"],
  ["1", "3", "2"],
  ["2", "1", "3"],
  ["2", "3", "1"],
  ["3", "1", "2"],
  ["3", "2", "1"],
] as const;
const NAMES = new Map([
  [ORDERS, "orders"],
  [REPARTITION, "repartition"],
  [TOTALS, "totals"],
]);

function edges(ids: readonly string[], subscriptions: readonly GroupSubscription[], over: Partial<TraceEvent> = {}) {
  const [a = "", b = "", c = ""] = ids;
  const events = [
    event(a, ORDERS, 0, over.serviceId ?? null, { ...over, spanId: 7n }),
    event(b, REPARTITION, 0, over.serviceId ?? null, { ...over, spanId: 7n }),
    event(c, TOTALS, 0, null, { ...over, serviceId: null, spanId: 7n }),
  ];
  const nameOf = (id: string) => NAMES.get(events.find((one) => one.id === id)?.destinationId ?? 0);
  return assembleTrace(events, indexSubscriptions(subscriptions)).causes.map(
    ({ fromId, groupId, toId, knownBy }) => `${nameOf(fromId)} →${groupId} ${nameOf(toId)} ${knownBy}`,
  );
}

const TRUE_ORDER = [`orders →${totals} repartition declared`, `repartition →${totals} totals declared`];

describe("a stream that writes to a topic of its own", () => {
  for (const ids of ORDERS_OF_IDS) {
    it(`is told in its true order, whatever the ids (${ids.join(", ")})`, () => {
      assert.deepEqual(edges(ids, READS), TRUE_ORDER);
      assert.deepEqual(edges(ids, [...OTHERS, ...READS]), TRUE_ORDER, "others read the input and the output too");
      assert.deepEqual(edges(ids, [...READS, ...OTHERS], { serviceId: shop }).slice(0, 1), TRUE_ORDER.slice(0, 1));
    });
  }

  it("is told where its producer is known, too", () => {
    const known = event("t", TOTALS, 0, null, { spanId: 7n, publisherGroupId: totals });
    const { causes } = assembleTrace(
      [event("z", ORDERS, 0, null, { spanId: 7n }), event("r", REPARTITION, 0, null, { spanId: 7n }), known],
      indexSubscriptions([...READS, ...OTHERS]),
    );
    assert.deepEqual(
      causes.map(({ fromId, toId }) => [fromId, toId]),
      [
        ["z", "r"],
        ["r", "t"],
      ],
    );
  });
});
