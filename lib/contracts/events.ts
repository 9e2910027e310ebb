import { z } from "zod";
import { Decimal, Iso, TraceId } from "./common.ts";

/** One row of the event index. */
export const EventRow = z
  .object({
    cluster: z.string(),
    topic: z.string(),
    partition: z.number().int(),
    offset: Decimal,
    occurredAt: Iso,
    storedAt: Iso,
    type: z.string().nullable(),
    schemaVersion: z.string().nullable(),
    service: z.string().nullable(),
    key: z.string().nullable(),
    traceId: TraceId.nullable(),
    traceOrigin: z.string().meta({ description: "the header format that the trace id came from" }),
    spanId: z.string().nullable(),
    sizeBytes: z.number().int(),
    tombstone: z.boolean(),
    deadLetter: z.boolean(),
    error: z.boolean(),
    replayed: z.boolean(),
  })
  .meta({ id: "Event" });

/** The indexed events of a topic, in pages, ordered by partition and offset. */
export const EventsQuery = z.object({
  cluster: z.string().max(100).optional(),
  topic: z.string().min(1).max(249),
  partition: z.coerce.number().int().min(0).optional(),
  from: Decimal.optional().meta({ description: "first offset" }),
  to: Decimal.optional().meta({ description: "the offset after the last one" }),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
  cursor: z.string().max(200).optional(),
});
export const EventsView = z.object({ items: z.array(EventRow), next: z.string().nullable() }).meta({ id: "Events" });

/** A message as the broker stores it now, decoded. */
export const MessageView = z
  .object({
    cluster: z.string(),
    topic: z.string(),
    partition: z.number().int(),
    offset: Decimal,
    timestamp: Iso.nullable(),
    key: z.string().nullable(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    encoding: z.string(),
    text: z.string(),
    truncated: z.boolean(),
    sizeBytes: z.number().int(),
    refusals: z.array(z.object({ decoder: z.string(), reason: z.string() })),
    type: z.string().nullable(),
    traceId: z.string().nullable(),
    service: z.string().nullable(),
  })
  .meta({ id: "Message" });

/** The fate of one event in one consumer group. */
export const Fate = z
  .object({
    cluster: z.string(),
    group: z.string(),
    fate: z.enum(["consumed", "waiting", "dead_lettered", "skipped", "expired", "unknown"]),
    at: Iso.nullable(),
    afterMs: z.number().nullable(),
    ahead: Decimal.nullable().meta({
      description: "only if waiting: the number of events before it that are not consumed yet",
    }),
    note: z.string().nullable(),
  })
  .meta({ id: "Fate" });

export type EventRow = z.infer<typeof EventRow>;
export type EventsQuery = z.infer<typeof EventsQuery>;
export type EventsView = z.infer<typeof EventsView>;
export type MessageView = z.infer<typeof MessageView>;
export type Fate = z.infer<typeof Fate>;
