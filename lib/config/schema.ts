/** The shape of Flowtap's configuration: one YAML file, with `${NAME}` for secrets from the environment. */
import { z } from "zod";
import { AlertsConfig } from "./alerts.ts";
import { EntitiesConfig } from "./entities.ts";
import { SchemasConfig } from "./schemas.ts";

const name = z.string().trim().min(1).max(100);
const glob = z.string().min(1).max(300);
const jsonPath = (such: string) => z.string().regex(/^\$(\.[\w-]+)+$/, `must look like ${such}`);
const HOURS_TO_MS = 3_600_000;

export const TlsConfig = z.strictObject({
  caFile: z.string().optional(),
  certFile: z.string().optional(),
  keyFile: z.string().optional(),
  /** default: the host connected to */
  serverName: z.string().optional(),
  /** false accepts any certificate: for trying out only */
  verify: z.boolean().default(true),
});

export const SaslConfig = z.discriminatedUnion("mechanism", [
  z.strictObject({
    mechanism: z.enum(["plain", "scram-sha-256", "scram-sha-512"]),
    username: z.string().min(1),
    password: z.string().min(1),
  }),
  z.strictObject({
    mechanism: z.literal("oauthbearer"),
    tokenEndpoint: z.url(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    scope: z.string().optional(),
  }),
]);

/** `latest`, `earliest`, or how far back to begin, as hours or days: `24h`, `7d`. */
const StartPoint = z
  .string()
  .regex(/^(latest|earliest|[1-9]\d{0,4}[hd])$/, "must be latest, earliest, or a span such as 24h or 7d")
  .transform((text) =>
    text === "latest" || text === "earliest"
      ? text
      : { backMs: Number(text.slice(0, -1)) * (text.endsWith("d") ? 24 : 1) * HOURS_TO_MS },
  );

export const ClusterConfig = z.strictObject({
  name: name.regex(/^[\w.-]+$/, "may hold letters, digits, dot, dash and underscore"),
  system: z.literal("kafka").default("kafka"),
  brokers: z.array(z.string().regex(/^[^\s:]+:\d{1,5}$/, "must be host:port")).min(1),
  tls: z
    .union([z.literal(true).transform((): z.input<typeof TlsConfig> => ({})), TlsConfig])
    .pipe(TlsConfig)
    .optional(),
  sasl: SaslConfig.optional(),
  topics: z
    .strictObject({ include: z.array(glob).default(["*"]), exclude: z.array(glob).default(["__*"]) })
    .prefault({}),
  start: StartPoint.prefault("latest"),
  /** Flowtap's own consumer group: partition assignment among taps, nothing else */
  tapGroup: z.string().min(1).max(200).default("flowtap-tap"),
});

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
  retention: z.strictObject({ eventsHours: z.number().int().min(1).max(8760).default(168) }).prefault({}),
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
      publicUrl: z.url().optional(),
    })
    .prefault({}),
  database: DatabaseConfig,
});

export type FlowtapConfig = z.infer<typeof FlowtapConfig>;
export type DatabaseConfig = z.infer<typeof DatabaseConfig>;
export type ClusterConfig = z.infer<typeof ClusterConfig>;
export type TlsConfig = z.infer<typeof TlsConfig>;
export type SaslConfig = z.infer<typeof SaslConfig>;
