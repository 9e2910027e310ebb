import { parseTime } from "../../message/times.ts";
import type { MessageConvention } from "./convention.ts";

/** DotNetCore.CAP. Subscribers listen to the message name, so it counts as the event type. */
export const cap: MessageConvention = {
  name: "cap",
  markers: ["cap-msg-id", "cap-msg-name", "cap-corr-id"],
  read: (headers) => ({
    messageId: headers.id("cap-msg-id"),
    conversation: headers.id("cap-corr-id"),
    eventType: headers.name("cap-msg-name"),
    createdAtMs: parseTime(headers.text("cap-senttime", 64)),
  }),
};
