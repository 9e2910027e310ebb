import { shortTypeName } from "../../message/names.ts";
import { parseTime } from "../../message/times.ts";
import type { MessageConvention } from "./convention.ts";

/** Eventuate Tram: events, commands and the replies to them. */
export const eventuate: MessageConvention = {
  name: "eventuate",
  markers: ["event-aggregate-type", "command_type", "reply_type", "reply_to_message_id"],
  read(headers) {
    const type =
      headers.text("event-type", 1024) ?? headers.text("command_type", 1024) ?? headers.text("reply_type", 1024);
    return {
      messageId: headers.id("id"),
      causationId: headers.id("reply_to_message_id"),
      eventType: type === null ? null : shortTypeName(type),
      createdAtMs: parseTime(headers.text("date", 64)),
    };
  },
};
