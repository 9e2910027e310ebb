import { z } from "zod";
import { ClusterStatus, HeldUpWork, Iso } from "./common.ts";

export const HealthView = z
  .object({
    status: z.enum(["ok", "degraded", "down"]),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: "Health" });
/** GET /api/status: what Flowtap itself is doing */
export const StatusView = z
  .object({
    version: z.string(),
    clusters: z.array(ClusterStatus),
    heldUp: z.array(HeldUpWork),
    taps: z.array(
      z.object({
        id: z.number(),
        host: z.string(),
        pid: z.number(),
        startedAt: Iso,
        heartbeatAt: Iso,
        alive: z.boolean(),
        counters: z
          .object({
            received: z.number(),
            stored: z.number(),
            duplicates: z.number(),
            quarantined: z.number(),
            behind: z.number(),
          })
          .partial(),
      }),
    ),
    keptFrom: Iso.nullable(),
  })
  .meta({ id: "Status" });

export type HealthView = z.infer<typeof HealthView>;
export type StatusView = z.infer<typeof StatusView>;
