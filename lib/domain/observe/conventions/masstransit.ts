import { serviceOfUri, shortTypeName } from "../../message/names.ts";
import type { MessageConvention, TraceConvention } from "./convention.ts";
import { newestTraceparent } from "./w3c.ts";

/**
 * MassTransit. On Kafka most header names have no MT- prefix. Types are URNs such as
 * `urn:message:Acme.Events:OrderPlaced`.
 */
export const massTransit: MessageConvention = {
  name: "masstransit",
  markers: [
    "messageid",
    "conversationid",
    "initiatorid",
    "sourceaddress",
    "mt-messagetype",
    "mt-initiatorid",
    "mt-source-address",
  ],
  read(headers) {
    const source = headers.text("sourceaddress", 1024) ?? headers.text("mt-source-address", 1024);
    const types = headers.text("mt-messagetype", 2048);
    return {
      messageId: headers.id("messageid"),
      causationId: headers.id("initiatorid") ?? headers.id("mt-initiatorid"),
      conversation: headers.id("conversationid") ?? headers.id("correlationid"),
      eventType: types === null ? null : shortTypeName(types),
      service: source === null ? null : serviceOfUri(source),
    };
  },
};

/** MassTransit forwards the .NET activity id, which is a traceparent. */
export const massTransitTrace: TraceConvention = {
  origin: "masstransit",
  markers: ["mt-activity-id"],
  read: (headers) => newestTraceparent(headers, "mt-activity-id"),
};
