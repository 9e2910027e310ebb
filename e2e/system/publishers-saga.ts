/**
 * An order saga whose records name no service, and whose groups bear no service's name: what each service reads, what
 * an event makes it publish, and how often.
 */
export const ORDERS = 600;

export type Outcome =
  | "completed"
  | "rejected"
  | "out of stock"
  | "not shipped"
  | "lost when captured"
  | "lost when reserved";

/** Which way the order `n` goes: in a hundred orders 69, 10, 7, 10, 2 and 2 times. */
export function outcomeOf(n: number): Outcome {
  const at = n % 100;
  if (at % 10 === 3) return "rejected";
  if (at % 10 === 6) return "not shipped";
  if (at % 12 === 5 && at < 96) return "out of stock";
  if (at === 11 || at === 62) return "lost when captured";
  if (at === 31 || at === 82) return "lost when reserved";
  return "completed";
}

export interface SagaService {
  readonly name: string;
  readonly group: string;
  readonly topic: string;
  readonly reads: readonly string[];
  /** the type it publishes after an event; null: nothing */
  publishes(type: string, outcome: Outcome): string | null;
}

export const SAGA: readonly SagaService[] = [
  {
    name: "orders",
    group: "cg-1",
    topic: "orders",
    reads: ["payments", "shipping"],
    publishes: (type) =>
      type === "PaymentRejected" || type === "PaymentRefunded"
        ? "OrderCancelled"
        : type === "Dispatched"
          ? "OrderCompleted"
          : null,
  },
  {
    name: "payment",
    group: "cg-2",
    topic: "payments",
    reads: ["orders", "inventory", "shipping"],
    publishes: (type, outcome) => {
      if (type === "OrderCreated") return outcome === "rejected" ? "PaymentRejected" : "PaymentCaptured";
      return type === "InventoryRejected" || type === "ShippingFailed" ? "PaymentRefunded" : null;
    },
  },
  {
    name: "inventory",
    group: "cg-3",
    topic: "inventory",
    reads: ["payments", "shipping"],
    publishes: (type, outcome) => {
      if (type === "ShippingFailed") return "InventoryReleased";
      if (type !== "PaymentCaptured" || outcome === "lost when captured") return null;
      return outcome === "out of stock" ? "InventoryRejected" : "InventoryReserved";
    },
  },
  {
    name: "shipping",
    group: "cg-4",
    topic: "shipping",
    reads: ["inventory"],
    publishes: (type, outcome) => {
      if (type !== "InventoryReserved" || outcome === "lost when reserved") return null;
      return outcome === "not shipped" ? "ShippingFailed" : "Dispatched";
    },
  },
  // Two that read and publish nothing.
  {
    name: "audit",
    group: "cg-5",
    topic: "",
    reads: ["orders", "payments", "inventory", "shipping"],
    publishes: () => null,
  },
  { name: "mail", group: "cg-6", topic: "", reads: ["orders", "shipping"], publishes: () => null },
];

const of = (...outcomes: readonly Outcome[]): number =>
  Array.from({ length: ORDERS }, (_, n) => outcomeOf(n)).filter((outcome) => outcomes.includes(outcome)).length;

/** from type → group → to type, and how often; the publisher of OrderCreated takes orders in by other means. */
export const TRUE_EDGES: Readonly<Record<string, number>> = {
  "OrderCreated → cg-2 → PaymentCaptured": ORDERS - of("rejected"),
  "OrderCreated → cg-2 → PaymentRejected": of("rejected"),
  "PaymentRejected → cg-1 → OrderCancelled": of("rejected"),
  "PaymentCaptured → cg-3 → InventoryReserved": of("completed", "not shipped", "lost when reserved"),
  "PaymentCaptured → cg-3 → InventoryRejected": of("out of stock"),
  "InventoryRejected → cg-2 → PaymentRefunded": of("out of stock"),
  "InventoryReserved → cg-4 → Dispatched": of("completed"),
  "InventoryReserved → cg-4 → ShippingFailed": of("not shipped"),
  "ShippingFailed → cg-2 → PaymentRefunded": of("not shipped"),
  "ShippingFailed → cg-3 → InventoryReleased": of("not shipped"),
  "PaymentRefunded → cg-1 → OrderCancelled": of("out of stock", "not shipped"),
  "Dispatched → cg-1 → OrderCompleted": of("completed"),
};

/** everything that is published */
export const EVENTS = ORDERS + Object.values(TRUE_EDGES).reduce((sum, n) => sum + n, 0);
