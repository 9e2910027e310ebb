/** Payments: charges orders, and refunds those that are not in stock. */
import kafkajs from "kafkajs";
import { chanceOf } from "../kit/chance.ts";
import type { EventBus } from "../kit/event-bus.ts";
import type { Received, Handled } from "../kit/consumer.ts";
import { deadLetter } from "../kit/dead-letter.ts";
import { watchFaults } from "../kit/faults.ts";
import { runService, setting } from "../kit/service.ts";
import { gatewayFailureOf } from "./failures.ts";

const REFUSED_SHARE = 0.08;
const FAILING_SHARE = 0.3;
const ATTEMPTS = 3;
const MAX_REMEMBERED_ORDERS = 50_000;

type Decision = "payment.taken" | "payment.refused" | "payment.refunded";
/**
 * The decision on each order, so that an order delivered again (by a replay or a rewound group) is not charged twice.
 */
const decided = new Map<string, Decision>();
const faults = await watchFaults(setting("CONTROL_URL"));

await runService({
  name: "payments",
  compression: kafkajs.CompressionTypes.Snappy,
  propagation: "w3c",
  namesCause: true,
  topics: ["orders", "inventory"],
  handle(received, bus) {
    if (received.event.type === "order.placed") return charge(received, bus);
    if (received.event.type === "stock.out") return refund(received, bus);
    return "ignored";
  },
});

function charge(received: Received, bus: EventBus): Handled {
  const { event, partition, message } = received;
  const orderId = event.key;
  const at = `orders[${partition}]@${message.offset}`;
  if (decided.has(orderId)) return "ignored";
  const { amountCents, currency } = event.data;
  const knownCurrency = currency === "EUR" || currency === "USD";
  if (!knownCurrency && faults.isOn("poison")) {
    console.error(`${at}: IllegalArgumentException: no rounding rule for currency ${String(currency)}; trying again`);
    return "retry";
  }
  for (let attempt = 1; ; attempt += 1) {
    const failure =
      faults.isOn("failing-payments") && chanceOf(`${orderId}/gateway`) < FAILING_SHARE
        ? gatewayFailureOf(orderId)
        : null;
    if (failure === null) break;
    if (attempt === ATTEMPTS) {
      const { rootClass, rootMessage } = failure;
      console.error(`${at}: ${rootClass}: ${rootMessage}; dead-lettered after ${ATTEMPTS} attempts`);
      return deadLetter(bus, received, "payments", failure);
    }
  }
  const refused = !knownCurrency || chanceOf(`${orderId}/card`) < REFUSED_SHARE;
  const type = refused ? "payment.refused" : "payment.taken";
  const reason = knownCurrency ? "card declined" : "currency not supported";
  return decide(bus, received, type, {
    orderId,
    amountCents,
    currency,
    lines: event.data.lines,
    ...(refused ? { reason } : {}),
  });
}

function refund(received: Received, bus: EventBus): Handled {
  const orderId = received.event.key;
  if (decided.get(orderId) === "payment.refunded") return "ignored";
  return decide(bus, received, "payment.refunded", { orderId, reason: "out of stock" });
}

/**
 * Publishes a decision. Remembers it before, so that the same order in the same batch is not decided twice, and forgets
 * it if publishing fails.
 */
async function decide(
  bus: EventBus,
  { event }: Received,
  type: Decision,
  data: Record<string, unknown>,
): Promise<void> {
  const orderId = event.key;
  remember(orderId, type);
  try {
    await bus.publish("payments", { type, key: orderId, correlationId: orderId, cause: event, data });
  } catch (error) {
    decided.delete(orderId);
    throw error;
  }
}

function remember(orderId: string, outcome: Decision): void {
  decided.set(orderId, outcome);
  const [oldest] = decided.keys();
  if (decided.size > MAX_REMEMBERED_ORDERS && oldest !== undefined) decided.delete(oldest);
}
