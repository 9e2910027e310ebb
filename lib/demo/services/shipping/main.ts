/** Shipping: dispatches reserved orders. Has no tracing, only the correlation id of the shop. */
import kafkajs from "kafkajs";
import { chanceOf } from "../kit/chance.ts";
import { runService } from "../kit/service.ts";

const CARRIERS = ["PostNL", "DHL", "UPS"] as const;

await runService({
  name: "shipping",
  compression: kafkajs.CompressionTypes.ZSTD,
  propagation: "none",
  namesCause: false,
  topics: ["inventory"],
  handle({ event }, bus) {
    if (event.type !== "stock.reserved") return "ignored";
    const orderId = event.correlationId ?? event.key;
    const carrier = CARRIERS[Math.floor(chanceOf(`${orderId}/carrier`) * CARRIERS.length)];
    return bus.publish("shipping", {
      type: "shipment.dispatched",
      key: orderId,
      correlationId: orderId,
      cause: event,
      data: { orderId, carrier, trackingId: `TR${orderId.slice(4).toUpperCase()}` },
    });
  },
});
