import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleTrace } from "./assemble.ts";
import type { CausePriors } from "./infer.ts";
import { indexSubscriptions } from "./subscriptions.ts";
import type { TraceEvent } from "./trace.ts";
import { TRACE_CASES } from "./assemble.test-data.ts";
import {
  SUBSCRIPTIONS,
  event,
  ORDERS,
  orders,
  PAYMENTS,
  payments,
  subscription,
  EMAILS,
  notifications,
  STOCK,
  inventory,
} from "./order-saga.test-data.ts";

const edges = (events: readonly TraceEvent[], subscriptions = SUBSCRIPTIONS, priors?: CausePriors) =>
  assembleTrace(events, indexSubscriptions(subscriptions), priors).causes.map(
    (cause) => `${cause.fromId} →${cause.groupId ?? "?"} ${cause.toId} ${cause.knownBy}`,
  );

describe("assembleTrace", () => {
  for (const { name, events, subscriptions, priors, expected } of TRACE_CASES)
    it(name, () => {
      assert.deepEqual(edges(events, subscriptions, priors), expected);
    });

  it("has a higher confidence with one candidate than with several, and the lowest with an unknown producer", () => {
    const confidence = (events: readonly TraceEvent[], subscriptions = SUBSCRIPTIONS) =>
      assembleTrace(events, indexSubscriptions(subscriptions)).causes.find((cause) => cause.toId === "z")?.confidence ??
      0;
    const one = confidence([event("a", ORDERS, 0, orders), event("z", PAYMENTS, 9, payments)]);
    const two = confidence([
      event("a", ORDERS, 0, orders),
      event("b", STOCK, 1, inventory),
      event("z", PAYMENTS, 9, payments),
    ]);
    const unknown = confidence(
      [event("a", ORDERS, 0, orders), event("z", EMAILS, 9, null)],
      [subscription(payments, ORDERS)],
    );
    assert.ok(one > 0.9 && two < one && two > 0.5 && unknown < two && unknown > 0.3, `${one} ${two} ${unknown}`);
  });

  it("gives the latency of the effect, never negative", () => {
    const { causes } = assembleTrace(
      [
        event("a", ORDERS, 100, orders, { messageRef: 1n }),
        event("b", PAYMENTS, 40, payments, { causeRef: 1n }),
        event("c", EMAILS, 140, notifications),
      ],
      indexSubscriptions(SUBSCRIPTIONS),
    );
    assert.deepEqual(
      causes.map((cause) => [cause.toId, cause.latencyMs]),
      [
        ["b", 0],
        ["c", 40],
      ],
    );
  });
});
