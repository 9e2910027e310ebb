/** Notifications: sends the customer mails about the order. */
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { watchFaults } from "../kit/faults.ts";
import { runService, setting } from "../kit/service.ts";

const SLOW_MS = 200;
const TEMPLATES: Readonly<Record<string, string>> = {
  "order.confirmed": "order-confirmed",
  "order.cancelled": "order-cancelled",
  "shipment.dispatched": "parcel-on-its-way",
};
const faults = await watchFaults(setting("CONTROL_URL"));

await runService({
  name: "notifications",
  compression: kafkajs.CompressionTypes.None,
  propagation: "w3c",
  namesCause: false,
  topics: ["orders", "shipping"],
  // The slow mail server accepts one message at a time.
  maxConcurrent: () => (faults.isOn("slow-consumer") ? 1 : 50),
  async handle({ event }, bus) {
    if (faults.isOn("slow-consumer")) await sleep(SLOW_MS);
    const template = TEMPLATES[event.type];
    if (template === undefined) return;
    const orderId = event.correlationId ?? event.key;
    await bus.publish("notifications", {
      type: "notification.sent",
      key: orderId,
      correlationId: orderId,
      cause: event,
      data: { orderId, template, channel: "email" },
    });
  },
});
