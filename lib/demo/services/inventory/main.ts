/** Inventory: reserves stock for paid orders. Still uses B3 for tracing, while the others use W3C. */
import kafkajs from "kafkajs";
import { chanceOf } from "../kit/chance.ts";
import { runService } from "../kit/service.ts";

const OUT_OF_STOCK_SHARE = 0.04;

await runService({
  name: "inventory",
  compression: kafkajs.CompressionTypes.LZ4,
  propagation: "b3",
  namesCause: false,
  topics: ["payments"],
  handle({ event }, bus) {
    if (event.type !== "payment.taken") return "ignored";
    const orderId = event.correlationId ?? event.key;
    const { lines } = event.data;
    const out = chanceOf(`${orderId}/stock`) < OUT_OF_STOCK_SHARE;
    return bus.publish("inventory", {
      type: out ? "stock.out" : "stock.reserved",
      key: orderId,
      correlationId: orderId,
      cause: event,
      data: { orderId, lines, warehouse: out ? null : "AMS-2" },
    });
  },
});
