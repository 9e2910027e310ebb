import { shortTypeName } from "../../message/names.ts";
import { parseNServiceBusTime } from "../../message/times.ts";
import type { MessageConvention } from "./convention.ts";

/** NServiceBus. A message sent with StartNewTrace starts a new trace but keeps its conversation id. */
export const nServiceBus: MessageConvention = {
  name: "nservicebus",
  markers: ["nservicebus.messageid", "nservicebus.enclosedmessagetypes", "nservicebus.conversationid"],
  read(headers) {
    const types = headers.text("nservicebus.enclosedmessagetypes", 2048);
    return {
      messageId: headers.id("nservicebus.messageid"),
      causationId: headers.id("nservicebus.relatedto"),
      conversation: headers.id("nservicebus.conversationid") ?? headers.id("nservicebus.correlationid"),
      eventType: types === null ? null : shortTypeName(types),
      service: headers.name("nservicebus.originatingendpoint"),
      createdAtMs: parseNServiceBusTime(headers.text("nservicebus.timesent", 64)),
    };
  },
};
