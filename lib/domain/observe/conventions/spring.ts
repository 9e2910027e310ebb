import { shortTypeName } from "../../message/names.ts";
import type { MessageConvention } from "./convention.ts";

/** Spring Kafka. Its mapper may write strings as JSON; HeaderIndex removes the quotes. */
export const spring: MessageConvention = {
  name: "spring",
  markers: ["kafka_correlationid", "__typeid__"],
  read(headers) {
    const type = headers.text("__typeid__", 1024);
    return {
      conversation: headers.id("kafka_correlationid"),
      eventType: type === null ? null : shortTypeName(type),
    };
  },
};
