/**
 * Schemas that all views share. Offsets and other 64-bit numbers are decimal strings, times are ISO 8601 in UTC,
 * durations have their unit in the name.
 */
import { z } from "zod";
import { KNOWN_BY } from "#lib/domain/correlation/known-by.ts";
import { HEALTH_STATES } from "#lib/domain/flow/graph.ts";
import { BACKGROUND_WORK } from "#lib/domain/health/background-work.ts";
import { CLUSTER_STATES, COMMIT_SOURCES } from "#lib/domain/health/cluster.ts";
import { VERDICTS } from "#lib/domain/health/verdict.ts";

export const Iso = z.iso.datetime({ offset: true }).meta({ id: "Timestamp", description: "ISO 8601 time" });
export const Decimal = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .meta({ id: "Decimal", description: "A 64-bit number as decimal text" });
export const TraceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ id: "TraceId", description: "32 lower-case hex digits" });

/** Groups may have longer names than topics: brokers take 32,767 bytes, the index of the database 2,700. */
export const MOST_GROUP_CHARS = 2700;

/** How something is known: from a message or the configuration, from received spans, or inferred. */
export const KnownBy = z.enum(KNOWN_BY);
/** The state that a colour stands for in every view. */
export const HealthState = z.enum(HEALTH_STATES);
export const Verdict = z.enum(VERDICTS);

export const Latency = z
  .object({ p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number(), samples: z.number().int() })
  .meta({ id: "Latency" });

/** A page of a list. `next` is an opaque cursor for the following page, null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.number().int().nullable() });
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(200).optional(),
});

export const ClusterStatus = z
  .object({
    name: z.string(),
    system: z.string(),
    state: z.enum(CLUSTER_STATES),
    reason: z.string().nullable(),
    since: Iso,
    commitSource: z.enum(COMMIT_SOURCES),
  })
  .meta({ id: "ClusterStatus" });

/** What a tap should do beside reading, and nobody does. */
export const HeldUpWork = z
  .object({
    kind: z.enum(BACKGROUND_WORK),
    /** null: for all clusters */
    cluster: z.string().nullable(),
    since: Iso,
    /** null: nobody has said why; the tap that does it may stand still */
    reason: z.string().nullable(),
  })
  .meta({ id: "HeldUpWork" });

export type Latency = z.infer<typeof Latency>;
export type KnownBy = z.infer<typeof KnownBy>;
export type HealthState = z.infer<typeof HealthState>;
export type Verdict = z.infer<typeof Verdict>;
export type ClusterStatus = z.infer<typeof ClusterStatus>;
export type HeldUpWork = z.infer<typeof HeldUpWork>;
