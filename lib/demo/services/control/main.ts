/**
 * The fault switch: GET /faults lists the faults, POST /faults/<name> {"on": true|false} turns one on or off. Also acts
 * as a pager: a message posted to /pager becomes a line in the log.
 */
import { serveHttp } from "../kit/http.ts";
import { onShutdown, setting } from "../kit/service.ts";

interface Fault {
  readonly name: string;
  readonly title: string;
  readonly offAfterMs?: number;
  readonly turnedOn?: () => Promise<void>;
}

const ordersUrl = setting("ORDERS_URL");
const FAULTS: readonly Fault[] = [
  {
    name: "poison",
    title: "Poison event: payments can never process one order and tries it for ever",
    turnedOn: placePoisonedOrder,
  },
  { name: "slow-consumer", title: "Slow consumer: notifications takes 200 ms per event" },
  { name: "crashed-consumer", title: "Crashed consumer: analytics is down" },
  { name: "failing-payments", title: "Failing payments: about 30 % of new orders become dead letters" },
  { name: "burst", title: "Burst: ten times the traffic for a minute", offAfterMs: 60_000 },
];
const onSince = new Map<string, number>();
const offTimers = new Map<string, NodeJS.Timeout>();

const view = () => ({
  faults: FAULTS.map(({ name, title }) => ({
    name,
    title,
    on: onSince.has(name),
    since: onSince.has(name) ? new Date(onSince.get(name) ?? 0).toISOString() : null,
  })),
});

const server = await serveHttp(Number(setting("PORT")), async ({ method, path, body }) => {
  if (path === "/health") return { body: { service: "control", ok: true } };
  if (method === "GET" && path === "/faults") return { body: view() };
  if (method === "POST" && path === "/pager") {
    console.log(`pager: ${typeof body.title === "string" ? body.title.slice(0, 200) : "a message without a title"}`);
    return { body: { ok: true } };
  }
  const fault = FAULTS.find(({ name }) => path === `/faults/${name}`);
  if (method !== "POST" || fault === undefined) return undefined;
  if (typeof body.on !== "boolean") return { status: 400, body: { error: 'send {"on": true} or {"on": false}' } };
  await setFault(fault, body.on);
  return { body: view() };
});
onShutdown(async () => {
  server.closeAllConnections();
  server.close();
});
console.log(`control listens on ${setting("PORT")}`);

async function setFault(fault: Fault, on: boolean): Promise<void> {
  clearTimeout(offTimers.get(fault.name));
  if (!on) {
    onSince.delete(fault.name);
    return;
  }
  const wasOn = onSince.has(fault.name);
  onSince.set(fault.name, Date.now());
  if (fault.offAfterMs !== undefined)
    offTimers.set(
      fault.name,
      setTimeout(() => onSince.delete(fault.name), fault.offAfterMs),
    );
  if (!wasOn) await fault.turnedOn?.();
}

/**
 * Places an order in a currency that payments cannot round. Waits first, because payments polls the switch each second.
 */
async function placePoisonedOrder(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const response = await fetch(`${ordersUrl}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      customerId: "cust-0077",
      currency: "XTS",
      lines: [{ sku: "mug", quantity: 1, priceCents: 1200 }],
    }),
  });
  if (!response.ok) throw new Error(`orders answered ${response.status}`);
}
