import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { assembleTrace, CLOCK_SKEW_MS } from "./assemble.ts";
import { indexSubscriptions } from "./subscriptions.ts";

const small = fc.option(fc.bigInt(1n, 4n), { nil: null });
const anyEvents = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{2}$/),
    destinationId: fc.integer({ min: 1, max: 5 }),
    occurredAtMs: fc.integer({ min: 0, max: 12_000 }),
    serviceId: fc.option(fc.integer({ min: 11, max: 15 }), { nil: null }),
    typeId: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    spanId: small,
    parentSpanId: small,
    messageRef: small,
    causeRef: small,
    isCopy: fc.boolean(),
    copyOf: fc.option(fc.stringMatching(/^[a-z]{2}$/), { nil: undefined }),
  }),
  { selector: (one) => one.id, maxLength: 25 },
);
const anySubscriptions = fc.array(
  fc.record({
    groupId: fc.integer({ min: 1, max: 6 }),
    destinationId: fc.integer({ min: 1, max: 5 }),
    serviceId: fc.option(fc.integer({ min: 11, max: 15 }), { nil: null }),
  }),
  { maxLength: 12 },
);

describe("assembleTrace, for any events", () => {
  // A declared cause may be stamped up to CLOCK_SKEW_MS after its effect, an inferred one never.
  it("gives each event at most one cause, which precedes it, without cycles", () => {
    fc.assert(
      fc.property(anyEvents, anySubscriptions, (events, subscriptions) => {
        const byId = new Map(events.map((one) => [one.id, one]));
        const { causes } = assembleTrace(events, indexSubscriptions(subscriptions));
        const parents = new Map(causes.map((cause) => [cause.toId, cause.fromId]));
        assert.equal(parents.size, causes.length);
        for (const cause of causes) {
          const ahead = (byId.get(cause.fromId)?.occurredAtMs ?? Infinity) - (byId.get(cause.toId)?.occurredAtMs ?? 0);
          assert.ok(ahead <= (cause.knownBy === "declared" ? CLOCK_SKEW_MS : 0));
          assert.ok(cause.confidence > 0 && cause.confidence <= 1 && cause.latencyMs >= 0);
          let steps = 0;
          for (let at: string | undefined = cause.toId; at !== undefined; at = parents.get(at))
            assert.ok(steps++ <= events.length, "cycle");
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the order of the events", () => {
    fc.assert(
      fc.property(
        anyEvents.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        anySubscriptions,
        ([events, shuffled], subscriptions) => {
          assert.deepEqual(
            assembleTrace(shuffled, indexSubscriptions(subscriptions)),
            assembleTrace(events, indexSubscriptions(subscriptions)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("infers a cause only through a group of the publishing service, if that is known", () => {
    fc.assert(
      fc.property(anyEvents, anySubscriptions, (events, subscriptions) => {
        const byId = new Map(events.map((one) => [one.id, one]));
        for (const cause of assembleTrace(events, indexSubscriptions(subscriptions)).causes) {
          const effect = byId.get(cause.toId);
          if (cause.knownBy !== "inferred" || effect?.serviceId === null) continue;
          assert.ok(
            subscriptions.some(
              (one) =>
                one.serviceId === effect?.serviceId && one.destinationId === byId.get(cause.fromId)?.destinationId,
            ),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
