import type { MessageConvention } from "./convention.ts";

/** Debezium's outbox event router. The event id is always a header; the type only if the connector is set up so. */
export const debeziumOutbox: MessageConvention = {
  name: "debezium",
  markers: ["id", "eventtype"],
  read: (headers) => ({ messageId: headers.id("id"), eventType: headers.name("eventtype") }),
};
