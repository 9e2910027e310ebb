import { serviceOfUri, shortTypeName } from "../../message/names.ts";
import { parseTime } from "../../message/times.ts";
import type { MessageConvention } from "./convention.ts";

export const rebus: MessageConvention = {
  name: "rebus",
  markers: ["rbs2-msg-id", "rbs2-corr-id", "rbs2-msg-type"],
  read(headers) {
    const type = headers.text("rbs2-msg-type", 1024);
    const sender = headers.name("rbs2-sender-address");
    return {
      messageId: headers.id("rbs2-msg-id"),
      causationId: headers.id("rbs2-in-reply-to"),
      conversation: headers.id("rbs2-corr-id"),
      eventType: type === null ? null : shortTypeName(type),
      service: sender === null ? null : serviceOfUri(sender),
      createdAtMs: parseTime(headers.text("rbs2-senttime", 64)),
    };
  },
};
