import { firstOf, type HeaderIndex } from "../../message/headers.ts";
import type { MessageConvention } from "./convention.ts";

const MESSAGE_ID = ["message-id", "event-id", "eventid"] as const;
const CORRELATION_ID = ["correlation-id", "x-correlation-id", "correlationid", "correlation_id"] as const;
const CAUSATION_ID = ["causation-id", "x-causation-id", "causationid"] as const;
const EVENT_TYPE = ["event-type", "message-type"] as const;
const SCHEMA_VERSION = ["schema-version", "schemaversion", "event-version", "eventversion", "version"] as const;

/** Common header names of producers that use no framework. */
export const generic: MessageConvention = {
  name: "generic",
  markers: [...MESSAGE_ID, ...CORRELATION_ID, ...CAUSATION_ID, ...EVENT_TYPE, ...SCHEMA_VERSION],
  read(headers: HeaderIndex) {
    const id = (name: string): string | null => headers.id(name);
    const name = (header: string): string | null => headers.name(header);
    return {
      messageId: firstOf(MESSAGE_ID, id),
      conversation: firstOf(CORRELATION_ID, id),
      causationId: firstOf(CAUSATION_ID, id),
      eventType: firstOf(EVENT_TYPE, name),
      schemaVersion: firstOf(SCHEMA_VERSION, name),
    };
  },
};
