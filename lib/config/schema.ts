/** The shape of Flowtap's configuration: one YAML file, with `${NAME}` for secrets from the environment. */
import { basePathOf } from "./base-path.ts";
import { z } from "zod";
import { AlertsConfig } from "./alerts.ts";
import { EntitiesConfig } from "./entities.ts";
import { SchemasConfig } from "./schemas.ts";
import { TlsConfig, ClusterConfig } from "./cluster.ts";
import { glob, jsonPath, name, network } from "./text-formats.ts";

const ObserveConfig = z.strictObject({
  correlationHeaders: z.array(name).default([]),
  correlationJsonPaths: z.array(jsonPath("$.meta.correlationId")).default([]),
  typeHeaders: z.array(name).default([]),
  typeJsonPaths: z.array(jsonPath("$.type")).default([]),
  serviceHeaders: z.array(name).default([]),
  producers: z.array(z.strictObject({ topic: glob, service: name })).default([]),
  deadLetterTopics: z
    .array(z.strictObject({ topic: glob, source: z.string().optional(), group: z.string().optional() }))
    .default([]),
  retryTopics: z.array(z.strictObject({ topic: glob, source: z.string().optional() })).default([]),
  errorEvents: z
    .array(
      z
        .strictObject({
          topic: glob.optional(),
          type: glob.optional(),
          messageHeader: name.optional(),
          messageJsonPath: jsonPath("$.error.message").optional(),
        })
        .refine(
          ({ topic, type }) => topic !== undefined || type !== undefined,
          "needs a topic or a type (globs), or every event would be an error",
        ),
    )
    .max(100)
    .default([]),
  /** which service a consumer group belongs to, where its name does not say */
  groupServices: z.array(z.strictObject({ group: glob, service: name })).default([]),
});

export const AccessToken = z.strictObject({
  name,
  role: z.enum(["viewer", "operator"]),
  token: z.string().min(16, "must have at least 16 characters"),
});

export const DatabaseConfig = z
  .strictObject({
    url: z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgresql://"),
    tls: TlsConfig.optional(),
  })
  // Of the two the address would win, and with it a connection that nobody has checked.
  .refine(({ url, tls }) => tls === undefined || !/[?&]ssl/.test(url), {
    path: ["tls"],
    error: "stands beside ssl settings in the address; say it in one place",
  });

export const FlowtapConfig = z.strictObject({
  clusters: z.array(ClusterConfig).min(1),
  observe: ObserveConfig.prefault({}),
  retention: z
    .strictObject({
      eventsHours: z.number().int().min(1).max(8760).default(168),
      /** replays with their edits, incidents, notes, groups that are gone */
      historyDays: z.number().int().min(1).max(3650).default(90),
      auditDays: z.number().int().min(1).max(3650).default(400),
    })
    .prefault({}),
  lag: z
    .strictObject({
      allowedMessages: z.number().int().min(0).default(0),
      pollSeconds: z.number().int().min(1).max(300).default(5),
      /** how often each broker is asked about topics and groups, at most */
      requestsPerSecond: z.number().int().min(1).max(10_000).default(20),
    })
    .prefault({}),
  alerts: AlertsConfig.prefault({}),
  entities: EntitiesConfig.prefault({}),
  replay: z
    .strictObject({
      /**
       * consumer groups, as globs, that seeing an event a second time does no harm: nothing a broker tells could say so
       */
      idempotentGroups: z.array(glob).max(1000).default([]),
    })
    .prefault({}),
  schemas: SchemasConfig,
  /** how much about groups the web's /metrics lists, the worst first; the rest is only counted */
  metrics: z
    .strictObject({
      groups: z.number().int().min(0).max(50_000).default(1000),
      topics: z.number().int().min(0).max(200_000).default(5000),
      partitions: z.number().int().min(0).max(500_000).default(20_000),
    })
    .prefault({}),
  access: z.strictObject({ tokens: z.array(AccessToken).default([]) }).prefault({}),
  web: z
    .strictObject({
      host: z.string().default("127.0.0.1"),
      port: z.number().int().min(0).max(65_535).default(3000),
      /** the address people type, when a proxy stands in front; writes are accepted from there */
      publicUrl: z
        .url()
        .refine((url) => basePathOf(url) !== null, "its path may have letters, digits and -._~ only")
        .optional(),
      /** the peers whose X-Forwarded-For, -Proto and -Host are believed */
      trustedProxies: z.array(network).max(100).default([]),
    })
    .prefault({}),
  /** where a tap serves `/metrics`, `/health` and `/ready`; they ask for no token */
  tap: z
    .strictObject({
      metricsHost: z.string().default("127.0.0.1"),
      /** 0: any free port */
      metricsPort: z.number().int().min(0).max(65_535).default(0),
    })
    .prefault({}),
  database: DatabaseConfig,
});

export type FlowtapConfig = z.infer<typeof FlowtapConfig>;
export type DatabaseConfig = z.infer<typeof DatabaseConfig>;
