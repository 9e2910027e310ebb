import { smallIntegerOf } from "../../message/integers.ts";
import { shortTypeName } from "../../message/names.ts";
import { parseTime } from "../../message/times.ts";
import type { MessageConvention } from "./convention.ts";

/**
 * Axon. Its metadata `correlationId` is the id of the message that caused this one. Its `traceId` is the id of the
 * first message of the flow, which has none itself: so a message without one starts a conversation with its own id.
 */
export const axon: MessageConvention = {
  name: "axon",
  markers: ["axon-message-id", "axon-message-type"],
  read(headers) {
    const messageId = headers.id("axon-message-id");
    const type = headers.text("axon-message-type", 1024);
    const time = headers.last("axon-message-timestamp");
    return {
      messageId,
      causationId: headers.id("axon-metadata-correlationid"),
      conversation: headers.id("axon-metadata-traceid") ?? messageId,
      eventType: type === null ? null : shortTypeName(type),
      schemaVersion: headers.name("axon-message-revision"),
      createdAtMs: smallIntegerOf(time, "binary") ?? parseTime(headers.text("axon-message-timestamp", 64)),
    };
  },
};
