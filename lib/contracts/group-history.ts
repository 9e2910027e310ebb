/** A group over time: its charts, and what happened to it. */
import { z } from "zod";
import { GROUP_EVENT_KINDS } from "#lib/domain/health/group.ts";
import { Iso, Verdict } from "./common.ts";

export const GroupEvent = z.object({
  at: Iso,
  kind: z.enum(GROUP_EVENT_KINDS),
  text: z.string(),
});
/** One step of a group's charts. */
export const GroupSeriesPoint = z.object({
  at: Iso,
  lagMessages: z.number().nullable(),
  timeLagMs: z.number().nullable(),
  inRate: z.number(),
  outRate: z.number(),
  errors: z.number(),
  members: z.number().nullable(),
  verdict: Verdict.nullable(),
  commits: z
    .number()
    .nullable()
    .meta({ description: "offsets committed; null where the range is too long to count them" }),
});
export type GroupEvent = z.infer<typeof GroupEvent>;
export type GroupSeriesPoint = z.infer<typeof GroupSeriesPoint>;
