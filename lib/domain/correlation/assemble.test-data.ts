/** Traces, and the causes that must be found in them. */
import { CLOCK_SKEW_MS } from "./assemble.ts";
import type { CausePriors } from "./infer.ts";
import {
  event,
  ORDERS,
  orders,
  PAYMENTS,
  payments,
  subscription,
  EMAILS,
  notifications,
  CONVERSATION,
  DLT,
  STOCK,
  inventory,
} from "./order-saga.test-data.ts";
import type { TraceEvent, GroupSubscription } from "./trace.ts";

export const TRACE_CASES: readonly {
  name: string;
  events: readonly TraceEvent[];
  subscriptions?: readonly GroupSubscription[];
  priors?: CausePriors;
  expected: readonly string[];
}[] = [
  { name: "one event has no cause", events: [event("a", ORDERS, 0, orders)], expected: [] },
  {
    name: "an event names the message that caused it",
    events: [event("a", ORDERS, 0, orders, { messageRef: 7n }), event("b", PAYMENTS, 9, payments, { causeRef: 7n })],
    expected: [`a →${payments} b declared`],
  },
  {
    name: "the cause it names is not in the trace: it is inferred",
    events: [event("a", ORDERS, 0, orders, { messageRef: 7n }), event("b", PAYMENTS, 9, payments, { causeRef: 8n })],
    expected: [`a →${payments} b inferred`],
  },
  {
    name: "its parent span is the span of the other event",
    events: [
      event("a", ORDERS, 0, orders, { spanId: 1n }),
      event("b", PAYMENTS, 9, payments, { spanId: 2n, parentSpanId: 1n }),
    ],
    expected: [`a →${payments} b declared`],
  },
  {
    name: "a declared cause may be stamped later, as clocks differ",
    events: [event("a", ORDERS, 900, orders, { messageRef: 7n }), event("b", PAYMENTS, 0, payments, { causeRef: 7n })],
    expected: [`a →${payments} b declared`],
  },
  {
    name: "a declared cause may not be later than clocks differ",
    events: [
      event("a", ORDERS, CLOCK_SKEW_MS + 1, orders, { messageRef: 7n }),
      event("b", PAYMENTS, 0, payments, { causeRef: 7n }),
    ],
    subscriptions: [subscription(payments, ORDERS)],
    expected: [],
  },
  {
    name: "two events that name each other form no cycle",
    events: [
      event("a", ORDERS, 0, orders, { messageRef: 1n, causeRef: 2n }),
      event("b", PAYMENTS, 9, payments, { messageRef: 2n, causeRef: 1n }),
    ],
    expected: [`a →${payments} b declared`],
  },
  {
    name: "an event that names itself has no cause",
    events: [event("a", ORDERS, 0, orders, { messageRef: 1n, causeRef: 1n })],
    expected: [],
  },
  {
    name: "a service that reads the event publishes with the same span",
    events: [event("a", ORDERS, 0, orders, { spanId: 1n }), event("b", PAYMENTS, 9, payments, { spanId: 1n })],
    expected: [`a →${payments} b declared`],
  },
  {
    name: "a service publishes to several topics with the same span (Kafka Streams)",
    events: [
      event("a", ORDERS, 0, orders, { spanId: 1n }),
      event("b", PAYMENTS, 9, payments, { spanId: 1n }),
      event("c", EMAILS, 9, payments, { spanId: 1n }),
    ],
    expected: [`a →${payments} b declared`, `a →${payments} c declared`],
  },
  {
    name: "two events of one span do not cause each other",
    events: [event("a", ORDERS, 0, orders, { spanId: 1n }), event("b", EMAILS, 1, orders, { spanId: 1n })],
    expected: [],
  },
  {
    name: "of several traces in a conversation its own counts, even if another's event is later",
    events: [
      event("a", ORDERS, 0, orders, { ownTrace: "t" }),
      event("b", PAYMENTS, 5, payments, { ownTrace: "u" }),
      event("c", EMAILS, 9, notifications, { ownTrace: "t" }),
    ],
    expected: [`a →${notifications} c inferred`],
    subscriptions: CONVERSATION,
  },
  {
    name: "the first event of a trace comes from the event without a trace",
    events: [
      event("a", ORDERS, 0, orders, { ownTrace: null }),
      event("b", PAYMENTS, 5, payments, { ownTrace: "t" }),
      event("c", EMAILS, 9, notifications, { ownTrace: "u" }),
    ],
    expected: [`a →${notifications} c inferred`],
    subscriptions: CONVERSATION,
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
    name: "a dead letter with the same span only: the group is unknown if several read the topic",
    events: [event("a", ORDERS, 0, orders, { spanId: 1n }), event("b", DLT, 9, orders, { spanId: 1n, isCopy: true })],
    expected: ["a →? b declared"],
  },
  {
    name: "nothing is inferred for a copy: its service is that of the original event",
    events: [event("a", PAYMENTS, 0, payments), event("b", DLT, 9, orders, { isCopy: true })],
    expected: [],
  },
  {
    name: "the group of the publishing service consumed before",
    events: [event("a", ORDERS, 0, orders), event("b", PAYMENTS, 9, payments)],
    expected: [`a →${payments} b inferred`],
  },
  {
    name: "no cause if the service read the topic only later",
    events: [event("a", ORDERS, 9, orders), event("b", PAYMENTS, 0, payments)],
    subscriptions: [subscription(payments, ORDERS)],
    expected: [],
  },
  {
    name: "no cause if the service reads none of the earlier topics",
    events: [event("a", EMAILS, 0, notifications), event("b", PAYMENTS, 9, payments)],
    expected: [],
  },
  {
    name: "no cause on its own topic unless the service reads it",
    events: [event("a", ORDERS, 0, orders), event("b", ORDERS, 9, orders)],
    expected: [],
  },
  {
    name: "the saga: several groups read the same topics, each effect follows what its service read last",
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
    name: "a usual cause counts more than one that is only nearer in time",
    events: [
      event("placed", ORDERS, 0, orders),
      event("taken", PAYMENTS, 10, payments),
      event("mail", EMAILS, 12, notifications),
    ],
    priors: (kind) => (kind.fromDestinationId === ORDERS ? 20 : 0),
    expected: [`placed →${payments} taken inferred`, `placed →${notifications} mail inferred`],
  },
  {
    name: "a usual cause that has had its effect already does not get that of the next one too",
    events: [
      event("placed", ORDERS, 0, orders),
      event("mail of placed", EMAILS, 5, notifications),
      event("taken", PAYMENTS, 10, payments),
      event("mail of taken", EMAILS, 12, notifications),
    ],
    priors: (kind) => (kind.fromDestinationId === ORDERS ? 20 : 0),
    expected: [
      `placed →${notifications} mail of placed inferred`,
      `placed →${payments} taken inferred`,
      `taken →${notifications} mail of taken inferred`,
    ],
  },
  {
    name: "unknown producer, only one group possible",
    events: [event("a", ORDERS, 0, orders), event("b", EMAILS, 9, null)],
    subscriptions: [subscription(payments, ORDERS)],
    expected: [`a →${payments} b inferred`],
  },
  {
    name: "unknown producer, several groups possible: no cause",
    events: [event("a", ORDERS, 0, orders), event("b", EMAILS, 9, null)],
    expected: [],
  },
  {
    name: "two groups of one service read it: the cause is known, the group is not",
    events: [event("a", ORDERS, 0, orders), event("b", PAYMENTS, 9, payments)],
    subscriptions: [subscription(1, ORDERS, payments), subscription(2, ORDERS, payments)],
    expected: ["a →? b inferred"],
  },
];
