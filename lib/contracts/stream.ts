import { z } from "zod";
import { ClusterStatus, HeldUpWork, Iso } from "./common.ts";
import { FlowGraphView, FlowQuery } from "./flow.ts";

/**
 * GET /api/stream (server-sent events). With `flow=1` and the flow filters it also sends the whole graph when it has
 * changed, once a second at most.
 */
export const StreamQuery = FlowQuery.omit({ at: true }).extend({ flow: z.enum(["1"]).optional() });

/** After each flush of a tap (coalesced to 5 a second at most) and at least every 5 s. */
export const Pulse = z
  .object({
    at: Iso,
    /** broker time of the newest event that is stored and served */
    indexedThrough: Iso.nullable(),
    eventsPerSecond: z.number(),
    errorsPerSecond: z.number(),
    /** messages in the brokers that the taps have not read yet */
    tapBehind: z.number(),
    taps: z.number().int(),
    clusters: z.array(ClusterStatus),
    heldUp: z.array(HeldUpWork),
    database: z.enum(["connected", "unreachable"]),
    counts: z.object({
      groupsStuck: z.number(),
      groupsWarning: z.number(),
      failuresOpen: z.number(),
      replaysRunning: z.number(),
      alertsFiring: z.number(),
    }),
  })
  .meta({ id: "Pulse" });

/** The frames by event name: `pulse` → Pulse, `flow` → FlowGraphView, `changed` → Changed. */
export const Changed = z.object({
  nouns: z.array(z.enum(["groups", "topics", "traces", "failures", "replays", "alerts"])),
});
export const FlowFrame = FlowGraphView;

export type Pulse = z.infer<typeof Pulse>;
export type Changed = z.infer<typeof Changed>;
export type StreamQuery = z.infer<typeof StreamQuery>;
