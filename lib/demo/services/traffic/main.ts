/** Traffic of the shop: orders and customer changes, few at night and many at noon. A day takes ten minutes. */
import http from "node:http";
import { watchFaults } from "../kit/faults.ts";
import { onShutdown, setting } from "../kit/service.ts";

const DAY_MS = 10 * 60_000;
const NIGHT_PER_SECOND = 8;
const NOON_PER_SECOND = 32;
const BURST_FACTOR = 10;
const TICK_MS = 50;
const ORDER_SHARE = 0.75;
const NEW_CUSTOMER_SHARE = 0.2;
/** further requests are dropped, not queued */
const MAX_IN_FLIGHT = 300;
const NAMES = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken", "Leslie", "Frances"] as const;
const GOODS = [
  { sku: "mug", priceCents: 1200 },
  { sku: "teapot", priceCents: 4800 },
  { sku: "kettle", priceCents: 7900 },
  { sku: "tea-earl-grey", priceCents: 650 },
] as const;

const ordersUrl = setting("ORDERS_URL");
const customerUrl = setting("CUSTOMER_URL");
const faults = await watchFaults(setting("CONTROL_URL"));
const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
const customers = Array.from({ length: 300 }, (_, index) => `cust-${String(index + 1).padStart(4, "0")}`);
let inFlight = 0;
let due = 0;
let lastMs = performance.now();

const timer = setInterval(() => {
  const nowMs = performance.now();
  due += (ratePerSecond(Date.now()) * (nowMs - lastMs)) / 1_000;
  lastMs = nowMs;
  // A random part, so that the rate varies from second to second.
  for (let requests = Math.floor(due + (Math.random() - 0.5)); requests > 0; requests -= 1) {
    due -= 1;
    if (inFlight < MAX_IN_FLIGHT) sendRequest();
  }
  due = Math.min(due, NOON_PER_SECOND);
}, TICK_MS);

onShutdown(async () => {
  clearInterval(timer);
  faults.stop();
  while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  agent.destroy();
});
console.log("traffic started");

function ratePerSecond(nowMs: number): number {
  const shareOfNoon = (1 - Math.cos((2 * Math.PI * (nowMs % DAY_MS)) / DAY_MS)) / 2;
  return (
    (NIGHT_PER_SECOND + (NOON_PER_SECOND - NIGHT_PER_SECOND) * shareOfNoon) * (faults.isOn("burst") ? BURST_FACTOR : 1)
  );
}

function sendRequest(): void {
  if (Math.random() < ORDER_SHARE) {
    const lines = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => ({
      ...pick(GOODS),
      quantity: 1 + Math.floor(Math.random() * 2),
    }));
    call("POST", `${ordersUrl}/orders`, {
      customerId: pick(customers),
      currency: Math.random() < 0.8 ? "EUR" : "USD",
      lines,
    });
    return;
  }
  const given = pick(NAMES);
  const body = { given, family: "Example", email: `${given.toLowerCase()}@example.com` };
  if (Math.random() < NEW_CUSTOMER_SHARE) call("POST", `${customerUrl}/customers`, body);
  else call("PUT", `${customerUrl}/customers/${pick(customers)}`, body);
}

function call(method: string, url: string, body: unknown): void {
  inFlight += 1;
  let ended = false;
  const end = (fault?: Error) => {
    if (ended) return;
    ended = true;
    inFlight -= 1;
    if (fault !== undefined) console.warn(`${method} ${url}: ${fault.message}`);
  };
  const request = http.request(
    url,
    { method, agent, headers: { "content-type": "application/json" }, timeout: 30_000 },
    (response) => {
      response.resume();
      response.once("end", () =>
        end(
          response.statusCode !== undefined && response.statusCode >= 500
            ? new Error(`answered ${response.statusCode}`)
            : undefined,
        ),
      );
      response.once("error", end);
    },
  );
  request.once("timeout", () => request.destroy(new Error("no answer in 30 s")));
  request.once("error", end);
  request.end(JSON.stringify(body));
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T;
}
