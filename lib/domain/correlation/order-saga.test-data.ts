/** Destinations, services and groups of an order saga, and its events. */
import type { GroupSubscription, TraceEvent } from "./trace.ts";

// Destinations
export const ORDERS = 1,
  PAYMENTS = 2,
  STOCK = 3,
  EMAILS = 4,
  DLT = 5;
// Services, and the groups of the same name
export const orders = 11,
  payments = 12,
  inventory = 13,
  notifications = 14;
const analytics = 15;

export const subscription = (
  groupId: number,
  destinationId: number,
  serviceId: number | null = groupId,
): GroupSubscription => ({
  groupId,
  destinationId,
  serviceId,
});

/** Every service of the order saga, and analytics, which reads everything. */
export const SUBSCRIPTIONS: readonly GroupSubscription[] = [
  subscription(payments, ORDERS),
  subscription(payments, STOCK),
  subscription(inventory, PAYMENTS),
  subscription(orders, PAYMENTS),
  subscription(orders, STOCK),
  subscription(notifications, ORDERS),
  subscription(notifications, PAYMENTS),
  subscription(analytics, ORDERS),
  subscription(analytics, PAYMENTS),
  subscription(analytics, STOCK),
];

/** Notifications reads two topics, so the cause of a mail does not follow from the time alone. */
export const CONVERSATION: readonly GroupSubscription[] = [
  subscription(notifications, ORDERS),
  subscription(notifications, PAYMENTS),
];

export const event = (
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
