/** The flow over time: the rail, and the panel of one node or edge. */
import { z } from "zod";
import { Iso } from "./common.ts";

export const RailQuery = z.object({
  from: Iso.optional(),
  to: Iso.optional(),
  minutes: z.coerce.number().int().min(1).max(1440).default(30),
  points: z.coerce.number().int().min(10).max(600).default(180),
  cluster: z.string().max(100).optional(),
});
export const RailView = z
  .object({
    from: Iso,
    to: Iso,
    /** the earliest time for which data is kept */
    keptFrom: Iso.nullable(),
    stepSeconds: z.number(),
    points: z.array(z.object({ at: Iso, events: z.number(), errors: z.number() })),
    nowPerSecond: z.number(),
    errorsPerSecond: z.number(),
  })
  .meta({ id: "FlowRail" });

/** Details of one node or edge. */
export const FlowDetailQuery = z.object({
  id: z.string().max(1000),
  at: Iso.optional(),
  minutes: z.coerce.number().int().min(1).max(1440).default(30),
});
export const FlowDetailView = z
  .object({
    id: z.string(),
    series: z.array(z.object({ at: Iso, events: z.number(), errors: z.number(), lagMessages: z.number().nullable() })),
    lastEvents: z.array(
      z.object({
        cluster: z.string(),
        topic: z.string(),
        partition: z.number(),
        offset: z.string(),
        occurredAt: Iso,
        type: z.string().nullable(),
        service: z.string().nullable(),
        key: z.string().nullable(),
        traceId: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "FlowDetail" });
export type RailQuery = z.infer<typeof RailQuery>;
export type RailView = z.infer<typeof RailView>;
export type FlowDetailQuery = z.infer<typeof FlowDetailQuery>;
export type FlowDetailView = z.infer<typeof FlowDetailView>;
