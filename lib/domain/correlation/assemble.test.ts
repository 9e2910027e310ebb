import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { assembleTrace, CLOCK_SKEW_MS } from "./assemble.ts";
import type { CausePriors } from "./infer.ts";
import { indexReadings } from "./readings.ts";
import type { GroupReading, TraceEvent } from "./trace.ts";

// Destinations
const ORDERS = 1,
  PAYMENTS = 2,
  STOCK = 3,
  EMAILS = 4,
  DLT = 5;
// Services, and the groups of the same name
const orders = 11,
  payments = 12,
  inventory = 13,
  notifications = 14,
  analytics = 15;
const reading = (groupId: number, destinationId: number, serviceId: number | null = groupId): GroupReading => ({
  groupId,
  destinationId,
  serviceId,
});
/** Every service of the order saga, with analytics as one more group of everything. */
const READINGS: readonly GroupReading[] = [
  reading(payments, ORDERS),
  reading(payments, STOCK),
  reading(inventory, PAYMENTS),
  reading(orders, PAYMENTS),
  reading(orders, STOCK),
  reading(notifications, ORDERS),
  reading(notifications, PAYMENTS),
  reading(analytics, ORDERS),
  reading(analytics, PAYMENTS),
  reading(analytics, STOCK),
];

/** Notifications reads two topics, so that time alone does not tell which event caused a mail. */
const CONVERSATION: readonly GroupReading[] = [reading(notifications, ORDERS), reading(notifications, PAYMENTS)];

const event = (
  id: string,
  destinationId: number,
  occurredAtMs: number,
  serviceId: number | null,
  over: Partial<TraceEvent> = {},
): TraceEvent => ({
  id,
  destinationId,
  occurredAtMs,
  serviceId,
  typeId: destinationId * 100,
  spanId: null,
  parentSpanId: null,
  messageRef: null,
  causeRef: null,
  ...over,
});
const edges = (events: readonly TraceEvent[], readings = READINGS, habits?: CausePriors) =>
  assembleTrace(events, indexReadings(readings), habits).causes.map(
    (cause) => `${cause.fromId} →${cause.groupId ?? "?"} ${cause.toId} ${cause.knownBy}`,
  );

describe("assembleTrace", () => {
  const cases: readonly {
    name: string;
    events: readonly TraceEvent[];
    readings?: readonly GroupReading[];
    habits?: CausePriors;
    expected: readonly string[];
  }[] = [
    { name: "one event has no cause", events: [event("a", ORDERS, 0, orders)], expected: [] },
    {
      name: "an event names the message that caused it",
      events: [event("a", ORDERS, 0, orders, { messageRef: 7n }), event("b", PAYMENTS, 9, payments, { causeRef: 7n })],
      expected: [`a →${payments} b declared`],
    },
    {
      name: "the cause it names is not in the trace: what is concluded stands",
      events: [event("a", ORDERS, 0, orders, { messageRef: 7n }), event("b", PAYMENTS, 9, payments, { causeRef: 8n })],
      expected: [`a →${payments} b inferred`],
    },
    {
      name: "its parent span published the other",
      events: [
        event("a", ORDERS, 0, orders, { spanId: 1n }),
        event("b", PAYMENTS, 9, payments, { spanId: 2n, parentSpanId: 1n }),
      ],
      expected: [`a →${payments} b declared`],
    },
    {
      name: "a declared cause may be stamped later, as clocks differ",
      events: [
        event("a", ORDERS, 900, orders, { messageRef: 7n }),
        event("b", PAYMENTS, 0, payments, { causeRef: 7n }),
      ],
      expected: [`a →${payments} b declared`],
    },
    {
      name: "but not by more than clocks differ",
      events: [
        event("a", ORDERS, CLOCK_SKEW_MS + 1, orders, { messageRef: 7n }),
        event("b", PAYMENTS, 0, payments, { causeRef: 7n }),
      ],
      readings: [reading(payments, ORDERS)],
      expected: [],
    },
    {
      name: "two events that name each other do not run in a circle",
      events: [
        event("a", ORDERS, 0, orders, { messageRef: 1n, causeRef: 2n }),
        event("b", PAYMENTS, 9, payments, { messageRef: 2n, causeRef: 1n }),
      ],
      expected: [`a →${payments} b declared`],
    },
    {
      name: "an event that names itself",
      events: [event("a", ORDERS, 0, orders, { messageRef: 1n, causeRef: 1n })],
      expected: [],
    },
    {
      name: "a span is passed on by a service that reads it",
      events: [event("a", ORDERS, 0, orders, { spanId: 1n }), event("b", PAYMENTS, 9, payments, { spanId: 1n })],
      expected: [`a →${payments} b declared`],
    },
    {
      name: "a span is passed on to several topics (Kafka Streams)",
      events: [
        event("a", ORDERS, 0, orders, { spanId: 1n }),
        event("b", PAYMENTS, 9, payments, { spanId: 1n }),
        event("c", EMAILS, 9, payments, { spanId: 1n }),
      ],
      expected: [`a →${payments} b declared`, `a →${payments} c declared`],
    },
    {
      name: "one span that publishes twice is no cause of itself",
      events: [event("a", ORDERS, 0, orders, { spanId: 1n }), event("b", EMAILS, 1, orders, { spanId: 1n })],
      expected: [],
    },
    {
      name: "of a conversation's several traces it comes from its own, though another's event is later",
      events: [
        event("a", ORDERS, 0, orders, { carriedTrace: "t" }),
        event("b", PAYMENTS, 5, payments, { carriedTrace: "u" }),
        event("c", EMAILS, 9, notifications, { carriedTrace: "t" }),
      ],
      expected: [`a →${notifications} c inferred`],
      readings: CONVERSATION,
    },
    {
      name: "one that begins a trace comes from the event that carried none",
      events: [
        event("a", ORDERS, 0, orders, { carriedTrace: null }),
        event("b", PAYMENTS, 5, payments, { carriedTrace: "t" }),
        event("c", EMAILS, 9, notifications, { carriedTrace: "u" }),
      ],
      expected: [`a →${notifications} c inferred`],
      readings: CONVERSATION,
    },
    {
      name: "a dead letter names the event it is a copy of and the group that failed",
      events: [
        event("a", ORDERS, 0, orders, { spanId: 1n }),
        event("b", DLT, 9, orders, { spanId: 1n, isCopy: true, copyOf: "a", failedGroupId: payments }),
      ],
      expected: [`a →${payments} b declared`],
    },
    {
      name: "a dead letter that says little: same span, group unknown as several read there",
      events: [event("a", ORDERS, 0, orders, { spanId: 1n }), event("b", DLT, 9, orders, { spanId: 1n, isCopy: true })],
      expected: ["a →? b declared"],
    },
    {
      name: "nothing is concluded for a copy: its service is another's",
      events: [event("a", PAYMENTS, 0, payments), event("b", DLT, 9, orders, { isCopy: true })],
      expected: [],
    },
    {
      name: "the group of the publishing service consumed before",
      events: [event("a", ORDERS, 0, orders), event("b", PAYMENTS, 9, payments)],
      expected: [`a →${payments} b inferred`],
    },
    {
      name: "the service read it, but later",
      events: [event("a", ORDERS, 9, orders), event("b", PAYMENTS, 0, payments)],
      readings: [reading(payments, ORDERS)],
      expected: [],
    },
    {
      name: "the service reads none of the earlier topics",
      events: [event("a", EMAILS, 0, notifications), event("b", PAYMENTS, 9, payments)],
      expected: [],
    },
    {
      name: "no cause on its own topic unless it reads it",
      events: [event("a", ORDERS, 0, orders), event("b", ORDERS, 9, orders)],
      expected: [],
    },
    {
      name: "the saga: several groups read the same topics, each effect follows what its own service read last",
      events: [
        event("placed", ORDERS, 0, orders),
        event("taken", PAYMENTS, 10, payments),
        event("refused", STOCK, 20, inventory),
        event("refunded", PAYMENTS, 30, payments, { typeId: 201 }),
        event("cancelled", ORDERS, 40, orders, { typeId: 101 }),
        event("mail", EMAILS, 50, notifications),
      ],
      expected: [
        `placed →${payments} taken inferred`,
        `taken →${inventory} refused inferred`,
        `refused →${payments} refunded inferred`,
        `refunded →${orders} cancelled inferred`,
        `cancelled →${notifications} mail inferred`,
      ],
    },
    {
      name: "a usual cause outweighs one that is only nearer in time",
      events: [
        event("placed", ORDERS, 0, orders),
        event("taken", PAYMENTS, 10, payments),
        event("mail", EMAILS, 12, notifications),
      ],
      habits: (kind) => (kind.fromDestinationId === ORDERS ? 20 : 0),
      expected: [`placed →${payments} taken inferred`, `placed →${notifications} mail inferred`],
    },
    {
      name: "producer unknown, one group could have",
      events: [event("a", ORDERS, 0, orders), event("b", EMAILS, 9, null)],
      readings: [reading(payments, ORDERS)],
      expected: [`a →${payments} b inferred`],
    },
    {
      name: "producer unknown, several groups could have: unknown",
      events: [event("a", ORDERS, 0, orders), event("b", EMAILS, 9, null)],
      expected: [],
    },
    {
      name: "two groups of one service read it: the cause is known, the group is not",
      events: [event("a", ORDERS, 0, orders), event("b", PAYMENTS, 9, payments)],
      readings: [reading(1, ORDERS, payments), reading(2, ORDERS, payments)],
      expected: ["a →? b inferred"],
    },
  ];
  for (const { name, events, readings, habits, expected } of cases)
    it(name, () => {
      assert.deepEqual(edges(events, readings, habits), expected);
    });

  it("is surer with one candidate than with several, and least sure of an unknown producer", () => {
    const confidence = (events: readonly TraceEvent[], readings = READINGS) =>
      assembleTrace(events, indexReadings(readings)).causes.find((cause) => cause.toId === "z")?.confidence ?? 0;
    const one = confidence([event("a", ORDERS, 0, orders), event("z", PAYMENTS, 9, payments)]);
    const two = confidence([
      event("a", ORDERS, 0, orders),
      event("b", STOCK, 1, inventory),
      event("z", PAYMENTS, 9, payments),
    ]);
    const unknown = confidence(
      [event("a", ORDERS, 0, orders), event("z", EMAILS, 9, null)],
      [reading(payments, ORDERS)],
    );
    assert.ok(one > 0.9 && two < one && two > 0.5 && unknown < two && unknown > 0.3, `${one} ${two} ${unknown}`);
  });

  it("says how long the effect took, never less than nothing", () => {
    const { causes } = assembleTrace(
      [
        event("a", ORDERS, 100, orders, { messageRef: 1n }),
        event("b", PAYMENTS, 40, payments, { causeRef: 1n }),
        event("c", EMAILS, 140, notifications),
      ],
      indexReadings(READINGS),
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
const anyReadings = fc.array(
  fc.record({
    groupId: fc.integer({ min: 1, max: 6 }),
    destinationId: fc.integer({ min: 1, max: 5 }),
    serviceId: fc.option(fc.integer({ min: 11, max: 15 }), { nil: null }),
  }),
  { maxLength: 12 },
);

describe("assembleTrace, whatever it is given", () => {
  it("gives each event one cause at most, in a forest, never after its effect beyond clock skew, and an inferred one never after it at all", () => {
    fc.assert(
      fc.property(anyEvents, anyReadings, (events, readings) => {
        const byId = new Map(events.map((one) => [one.id, one]));
        const { causes } = assembleTrace(events, indexReadings(readings));
        const parents = new Map(causes.map((cause) => [cause.toId, cause.fromId]));
        assert.equal(parents.size, causes.length);
        for (const cause of causes) {
          const ahead = (byId.get(cause.fromId)?.occurredAtMs ?? Infinity) - (byId.get(cause.toId)?.occurredAtMs ?? 0);
          assert.ok(ahead <= (cause.knownBy === "declared" ? CLOCK_SKEW_MS : 0));
          assert.ok(cause.confidence > 0 && cause.confidence <= 1 && cause.latencyMs >= 0);
          let steps = 0;
          for (let at: string | undefined = cause.toId; at !== undefined; at = parents.get(at))
            assert.ok(steps++ <= events.length, "runs in a circle");
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
        anyReadings,
        ([events, shuffled], readings) => {
          assert.deepEqual(
            assembleTrace(shuffled, indexReadings(readings)),
            assembleTrace(events, indexReadings(readings)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("infers only through a group of the publishing service, where that is known", () => {
    fc.assert(
      fc.property(anyEvents, anyReadings, (events, readings) => {
        const byId = new Map(events.map((one) => [one.id, one]));
        for (const cause of assembleTrace(events, indexReadings(readings)).causes) {
          const effect = byId.get(cause.toId);
          if (cause.knownBy !== "inferred" || effect?.serviceId === null) continue;
          assert.ok(
            readings.some(
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
