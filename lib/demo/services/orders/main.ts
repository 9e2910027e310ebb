/** Orders: accepts orders over HTTP, and confirms or cancels each at the end of its saga. */
import { context } from "@opentelemetry/api";
import { randomBytes } from "node:crypto";
import kafkajs from "kafkajs";
import type { EventBus } from "../kit/event-bus.ts";
import type { Received, Handled } from "../kit/consumer.ts";
import type { HttpRequest } from "../kit/http.ts";
import { runService } from "../kit/service.ts";
import { extractContext } from "../kit/tracing.ts";

await runService({
  name: "orders",
  compression: kafkajs.CompressionTypes.GZIP,
  propagation: "w3c",
  namesCause: true,
  topics: ["payments", "inventory", "shipping"],
  handle: continueSaga,
  http: (bus) => async (request) =>
    request.method === "POST" && request.path === "/orders" ? placeOrder(request, bus) : undefined,
});

async function placeOrder({ headers, body }: HttpRequest, bus: EventBus): Promise<{ status: number; body: unknown }> {
  const orderId = `ord-${randomBytes(5).toString("hex")}`;
  const { customerId = "cust-guest", currency = "EUR", lines = [{ sku: "mug", quantity: 1, priceCents: 1200 }] } = body;
  const amountCents = (lines as { quantity: number; priceCents: number }[]).reduce(
    (sum, line) => sum + line.quantity * line.priceCents,
    0,
  );
  await context.with(extractContext({ ...headers }), () =>
    bus.publish("orders", {
      type: "order.placed",
      key: orderId,
      correlationId: orderId,
      data: { orderId, customerId, currency, amountCents, lines },
    }),
  );
  return { status: 201, body: { orderId } };
}

/** The event that ends an order, by the event of another service; others change nothing. */
const ENDINGS: Readonly<Record<string, "order.confirmed" | "order.cancelled">> = {
  "payment.refused": "order.cancelled",
  "payment.refunded": "order.cancelled",
  "shipment.dispatched": "order.confirmed",
};

function continueSaga({ event }: Received, bus: EventBus): Handled {
  const type = ENDINGS[event.type];
  if (type === undefined) return "ignored";
  const orderId = event.correlationId ?? event.key;
  const { reason } = event.data;
  return bus.publish("orders", {
    type,
    key: orderId,
    correlationId: orderId,
    cause: event,
    data: { orderId, ...(type === "order.cancelled" ? { reason } : {}) },
  });
}
