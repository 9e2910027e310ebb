import type { HeaderIndex } from "../../message/headers.ts";
import { serviceOfUri, versionOfSchemaUri } from "../../message/names.ts";
import { parseTime } from "../../message/times.ts";
import type { MessageConvention, MessageFacts, TraceConvention } from "./convention.ts";
import { newestTraceparent } from "./w3c.ts";

// Kafka; Pub/Sub and HTTP; AMQP in its two spellings.
const PREFIXES = ["ce_", "ce-", "cloudevents_", "cloudevents:"] as const;

const ATTRIBUTES = PREFIXES.map((prefix) => ({
  id: `${prefix}id`,
  type: `${prefix}type`,
  source: `${prefix}source`,
  time: `${prefix}time`,
  schema: `${prefix}dataschema`,
  version: `${prefix}dataversion`,
  correlationId: `${prefix}correlationid`,
  causationId: `${prefix}causationid`,
  traceparent: `${prefix}traceparent`,
}));

function readMessage(headers: HeaderIndex): MessageFacts {
  const names = ATTRIBUTES.find(({ type, id }) => headers.has(type) || headers.has(id));
  if (names === undefined) return {};
  const source = headers.name(names.source);
  const version = headers.name(names.version);
  const schema = version === null ? headers.text(names.schema, 1024) : null;
  return {
    messageId: headers.id(names.id),
    causationId: headers.id(names.causationId),
    conversation: headers.id(names.correlationId),
    eventType: headers.name(names.type),
    schemaVersion: version ?? (schema === null ? null : versionOfSchemaUri(schema)),
    service: source === null ? null : serviceOfUri(source),
    createdAtMs: parseTime(headers.text(names.time, 64)),
  };
}

/** CloudEvents in binary mode: attributes as headers. */
export const cloudEvents: MessageConvention = {
  name: "cloudevents",
  markers: ATTRIBUTES.flatMap((names) => [names.type, names.id]),
  read: readMessage,
};

/** The distributed tracing extension: the trace in which the event was created. */
export const cloudEventsTrace: TraceConvention = {
  origin: "cloudevents",
  markers: ATTRIBUTES.map((names) => names.traceparent),
  read(headers) {
    for (const names of ATTRIBUTES) {
      const context = newestTraceparent(headers, names.traceparent);
      if (context !== null) return context;
    }
    return null;
  },
};
