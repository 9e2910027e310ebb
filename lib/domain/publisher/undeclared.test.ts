import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { event, ORDERS, orders, PAYMENTS, payments, STOCK } from "../correlation/order-saga.test-data.ts";
import type { Cause } from "../correlation/trace.ts";
import { undeclaredIn } from "./undeclared.ts";

const cause = (toId: string): Cause => ({
  ...{ fromId: "a", toId, groupId: 1, knownBy: "declared", confidence: 1, latencyMs: 0 },
});
const readers = [
  { group: "unknown", serviceId: null },
  { group: "payments", serviceId: payments },
];

describe("undeclaredIn", () => {
  it("names the destinations of events that nobody tells the publisher of, and that have no cause", () =>
    assert.deepEqual(
      undeclaredIn(
        [
          event("a", ORDERS, 0, null),
          event("b", PAYMENTS, 1, null),
          event("c", STOCK, 2, null, { publisherGroupId: 7 }),
          event("d", PAYMENTS, 3, null, { isCopy: true }),
        ],
        [cause("b"), cause("c")],
        readers,
      ),
      { destinationIds: [ORDERS], groups: [] },
    ));

  it("names groups without a service only where an effect of a known service has no cause", () => {
    const events = [event("a", ORDERS, 0, orders), event("b", PAYMENTS, 1, payments)];
    assert.deepEqual(undeclaredIn(events, [], readers), { destinationIds: [], groups: ["unknown"] });
    assert.deepEqual(undeclaredIn(events, [cause("b")], readers), { destinationIds: [], groups: [] });
    assert.deepEqual(undeclaredIn([], [], readers), { destinationIds: [], groups: [] });
  });
});
