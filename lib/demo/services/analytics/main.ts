/** Analytics: adds up what was sold. Publishes nothing. */
import kafkajs from "kafkajs";
import { watchFaults } from "../kit/faults.ts";
import { runService, setting } from "../kit/service.ts";

await watchFaults(setting("CONTROL_URL"), (isOn) => {
  if (!isOn("crashed-consumer")) return;
  console.error("FATAL: heap out of memory while merging the hourly report");
  process.exit(134);
});

const report = {
  ordersPlaced: 0,
  ordersConfirmed: 0,
  ordersCancelled: 0,
  revenueCents: 0,
  customersCreated: 0,
  customersUpdated: 0,
};

await runService({
  name: "analytics",
  compression: kafkajs.CompressionTypes.None,
  propagation: "none",
  namesCause: false,
  topics: ["orders", "payments", "customer.events"],
  handle({ event }) {
    if (event.type === "order.placed") report.ordersPlaced += 1;
    else if (event.type === "order.confirmed") report.ordersConfirmed += 1;
    else if (event.type === "order.cancelled") report.ordersCancelled += 1;
    else if (event.type === "payment.taken") report.revenueCents += Number(event.data.amountCents);
    else if (event.type === "customer.created") report.customersCreated += 1;
    else if (event.type === "customer.updated") report.customersUpdated += 1;
    return "ignored";
  },
  http: () => async (request) => (request.path === "/report" ? { body: report } : undefined),
});
