import { z } from "zod";
import { Iso, KnownBy, PageQuery, TraceId, pageOf } from "./common.ts";
import { EventRow, Fate } from "./events.ts";

export const TracesQuery = PageQuery.extend({
  service: z.string().max(200).optional().meta({ description: "a service that published any event of the trace" }),
  topic: z.string().max(249).optional().meta({ description: "the topic of any event of the trace" }),
  type: z.string().max(200).optional().meta({ description: "the type of any event of the trace" }),
  errors: z.enum(["only"]).optional(),
  minDurationMs: z.coerce.number().int().min(0).optional(),
  from: Iso.optional(),
  to: Iso.optional(),
});
export const TraceRow = z
  .object({
    traceId: TraceId,
    firstAt: Iso,
    lastAt: Iso,
    durationMs: z.number(),
    events: z.number().int(),
    errors: z.number().int(),
    root: z.string(),
    rootService: z.string().nullable(),
    services: z.array(z.string()),
    topics: z.array(z.string()),
  })
  .meta({ id: "Trace" });
export const TracesView = pageOf(TraceRow).meta({ id: "Traces" });

export const TraceQuery = z.object({
  around: z
    .string()
    .max(1000)
    .optional()
    .meta({ description: "an event's id: of a trace that is longer than the answer, the events around this one" }),
});

export const TraceView = z
  .object({
    traceId: TraceId,
    aliases: z.array(TraceId).meta({ description: "conversations that were joined to this trace" }),
    firstAt: Iso,
    lastAt: Iso,
    /** event ids are `<cluster>/<topic>/<partition>/<offset>` */
    events: z.array(
      EventRow.extend({ id: z.string(), fates: z.array(Fate), failureFingerprint: z.string().nullable() }),
    ),
    causes: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        group: z.string().nullable(),
        knownBy: KnownBy,
        confidence: z.number(),
        latencyMs: z.number(),
      }),
    ),
    total: z.number().int().meta({ description: "events of the trace, of which `events` may be a part" }),
    truncated: z.boolean().meta({ description: "whether the trace is longer; see `around`" }),
    undeclared: z
      .object({ topics: z.array(z.string()), groups: z.array(z.string()) })
      .meta({ description: "topics whose publisher, and groups whose service is not known: causes may be missing" }),
  })
  .meta({ id: "TraceDetail" });

export type TracesQuery = z.infer<typeof TracesQuery>;
export type TraceQuery = z.infer<typeof TraceQuery>;
export type TraceRow = z.infer<typeof TraceRow>;
export type TracesView = z.infer<typeof TracesView>;
export type TraceView = z.infer<typeof TraceView>;
