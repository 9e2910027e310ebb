import type { ShopEvent } from "../kit/event.ts";

const RATE_SECONDS = 10;
const MAX_OPEN_ORDERS = 20_000;
const DURATIONS_KEPT = 1_000;

/** Statistics of the shop: events by topic and type, the current rate, and the duration of orders. */
export class OrderFlowStatistics {
  readonly #byTopic: Record<string, Record<string, number>> = {};
  readonly #perSecond = new Array<number>(RATE_SECONDS).fill(0);
  #second = 0;
  readonly #openSinceMs = new Map<string, number>();
  readonly #durationsMs: number[] = [];
  readonly #orders = { placed: 0, confirmed: 0, cancelled: 0 };

  add(event: ShopEvent, nowMs: number): void {
    const types = (this.#byTopic[event.topic] ??= {});
    types[event.type] = (types[event.type] ?? 0) + 1;
    this.#advance(nowMs);
    const slot = this.#second % RATE_SECONDS;
    this.#perSecond[slot] = (this.#perSecond[slot] ?? 0) + 1;
    if (event.type === "order.placed") this.#open(event);
    else if (event.type === "order.confirmed") this.#close(event, "confirmed");
    else if (event.type === "order.cancelled") this.#close(event, "cancelled");
  }

  view(nowMs: number): Record<string, unknown> {
    this.#advance(nowMs);
    const sorted = this.#durationsMs.toSorted((a, b) => a - b);
    return {
      at: new Date(nowMs).toISOString(),
      eventsPerSecond: this.#perSecond.reduce((sum, count) => sum + count, 0) / RATE_SECONDS,
      events: this.#byTopic,
      orders: {
        ...this.#orders,
        open: this.#openSinceMs.size,
        medianMs: sorted[Math.floor(sorted.length / 2)] ?? null,
      },
    };
  }

  #open(event: ShopEvent): void {
    this.#orders.placed += 1;
    this.#openSinceMs.set(event.key, event.timeMs);
    const [oldest] = this.#openSinceMs.keys();
    if (this.#openSinceMs.size > MAX_OPEN_ORDERS && oldest !== undefined) this.#openSinceMs.delete(oldest);
  }

  #close(event: ShopEvent, outcome: "confirmed" | "cancelled"): void {
    this.#orders[outcome] += 1;
    const sinceMs = this.#openSinceMs.get(event.key);
    if (sinceMs === undefined) return;
    this.#openSinceMs.delete(event.key);
    this.#durationsMs.push(event.timeMs - sinceMs);
    if (this.#durationsMs.length > DURATIONS_KEPT) this.#durationsMs.shift();
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const passed = Math.min(second - this.#second, RATE_SECONDS);
    for (let step = 0; step < passed; step += 1) this.#perSecond[(second - step) % RATE_SECONDS] = 0;
    this.#second = second;
  }
}
