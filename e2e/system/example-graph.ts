/** The edges of the example system: what its services publish and read, and which event causes which. */
/** service → the topics it publishes to */
export const PUBLISHES: Readonly<Record<string, readonly string[]>> = {
  customer: ["customer.events"],
  orders: ["orders"],
  payments: ["payments", "orders-dlt"],
  inventory: ["inventory"],
  shipping: ["shipping"],
  notifications: ["notifications"],
};

/** group → the topics it reads */
export const READS: Readonly<Record<string, readonly string[]>> = {
  orders: ["payments", "inventory", "shipping"],
  payments: ["orders", "inventory"],
  inventory: ["payments"],
  shipping: ["inventory"],
  notifications: ["orders", "shipping"],
  analytics: ["orders", "payments", "customer.events"],
  olf: ["customer.events", "orders", "payments", "inventory", "shipping", "notifications"],
};

/** What an event of one topic made a group publish to another: from, group, to, and the types that tell how often. */
export const CAUSES: readonly (readonly [
  from: string,
  group: string,
  to: string,
  counted: readonly [topic: string, type: string][],
])[] = [
  [
    "orders",
    "payments",
    "payments",
    [
      ["payments", "payment.taken"],
      ["payments", "payment.refused"],
    ],
  ],
  ["orders", "payments", "orders-dlt", [["orders-dlt", "order.placed"]]],
  ["inventory", "payments", "payments", [["payments", "payment.refunded"]]],
  [
    "payments",
    "inventory",
    "inventory",
    [
      ["inventory", "stock.reserved"],
      ["inventory", "stock.out"],
    ],
  ],
  ["inventory", "shipping", "shipping", [["shipping", "shipment.dispatched"]]],
  ["payments", "orders", "orders", [["orders", "order.cancelled"]]],
  ["shipping", "orders", "orders", [["orders", "order.confirmed"]]],
  [
    "orders",
    "notifications",
    "notifications",
    [
      ["orders", "order.confirmed"],
      ["orders", "order.cancelled"],
    ],
  ],
  ["shipping", "notifications", "notifications", [["shipping", "shipment.dispatched"]]],
];
