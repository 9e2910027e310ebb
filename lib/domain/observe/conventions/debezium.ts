import type { MessageConvention } from "./convention.ts";

/**
 * Debezium's outbox router: the event id is always a header, the type only where the connector was told to
 * place it there.
 */
export const debeziumOutbox: MessageConvention = {
  name: "debezium",
  markers: ["id", "eventtype"],
  read: (headers) => ({ messageId: headers.id("id"), eventType: headers.name("eventtype") }),
};
