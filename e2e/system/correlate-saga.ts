/** The services of a small saga, what each reads and publishes, and how often that happens. */
export const FLOWS = 120;

/**
 * Who reads what and publishes what for each event, as services of the usual kind do: same trace, a span of its own.
 */
export const SERVICES = [
  {
    name: "payments",
    group: "payments",
    reads: ["orders", "stock"],
    publishes: (from: string, n: number) =>
      from === "orders"
        ? { topic: "payments", type: "payment.taken" }
        : n % 4 === 0
          ? { topic: "payments", type: "payment.refunded" }
          : null,
  },
  {
    name: "inventory",
    group: "inventory-workers",
    reads: ["payments"],
    publishes: (_from: string, n: number, type: string) =>
      type === "payment.taken" ? { topic: "stock", type: n % 4 === 0 ? "stock.out" : "stock.reserved" } : null,
  },
  {
    name: "notifications",
    group: "notifications",
    reads: ["stock"],
    publishes: () => ({ topic: "emails", type: "email.sent" }),
  },
  { name: "analytics", group: "analytics", reads: ["orders", "payments", "stock"], publishes: () => null },
] as const;

export const TOPICS = ["orders", "payments", "stock", "emails"];
export const QUARTER = FLOWS / 4;

/** topic type → group → topic type, and how often */
export const TRUE_CAUSES: Readonly<Record<string, number>> = {
  "orders order.placed → payments → payments payment.taken": FLOWS,
  "payments payment.taken → inventory-workers → stock stock.reserved": FLOWS - QUARTER,
  "payments payment.taken → inventory-workers → stock stock.out": QUARTER,
  "stock stock.out → payments → payments payment.refunded": QUARTER,
  "stock stock.reserved → notifications → emails email.sent": FLOWS - QUARTER,
  "stock stock.out → notifications → emails email.sent": QUARTER,
};

export const TRUE_CONSUMPTION: Readonly<Record<string, number>> = {
  "analytics orders": FLOWS,
  "analytics payments": FLOWS + QUARTER,
  "analytics stock": FLOWS,
  "inventory-workers payments": FLOWS + QUARTER,
  "notifications stock": FLOWS,
  "payments orders": FLOWS,
  "payments stock": FLOWS,
};
