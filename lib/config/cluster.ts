/** A cluster: its brokers, how to log in, and what of it is read. */
import { z } from "zod";
import { glob, name } from "./text-formats.ts";

const ADDRESS = /^(\[[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?\]|[^\s:[\]]+):\d{1,5}$/i;
const AMQP_ADDRESS = /^amqps?:\/\/(\[[0-9a-f:.]+\]|[^\s:[\]/@]+):\d{1,5}\/?$/i;
const HOURS_TO_MS = 3_600_000;

const clusterName = name.regex(/^[\w.-]+$/, "may hold letters, digits, dot, dash and underscore");
/** consumer groups that are watched; those left out are in no list, count, metric or alert */
const GroupPatterns = z
  .strictObject({ include: z.array(glob).default(["*"]), exclude: z.array(glob).default([]) })
  .prefault({});

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

const TlsBlock = z
  .union([z.literal(true).transform((): z.input<typeof TlsConfig> => ({})), TlsConfig])
  .pipe(TlsConfig)
  .optional();

export const KafkaClusterConfig = z.strictObject({
  name: clusterName,
  system: z.literal("kafka").default("kafka"),
  brokers: z.array(z.string().regex(ADDRESS, "must be host:port, or [address]:port for IPv6")).min(1),
  tls: TlsBlock,
  sasl: SaslConfig.optional(),
  topics: z
    .strictObject({ include: z.array(glob).default(["*"]), exclude: z.array(glob).default(["__*"]) })
    .prefault({}),
  groups: GroupPatterns,
  start: StartPoint.prefault("latest"),
  /** Flowtap's own consumer group: partition assignment among taps, nothing else */
  tapGroup: z.string().min(1).max(200).default("flowtap-tap"),
});

/** One virtual host of a RabbitMQ cluster. */
export const RabbitClusterConfig = z.strictObject({
  name: clusterName,
  system: z.literal("rabbitmq"),
  /** `amqp://host:5672` or `amqps://host:5671`, one of each node; the login is given apart */
  brokers: z.array(z.string().regex(AMQP_ADDRESS, "must be amqp://host:port or amqps://host:port")).min(1),
  /** the management API of one node or of what balances over them */
  managementUrl: z.url({ protocol: /^https?$/ }),
  tls: TlsBlock,
  username: z.string().min(1),
  password: z.string().min(1),
  vhost: z.string().min(1).max(255).default("/"),
  /** exchanges, as `exchange:<name>`; `*` is any of them */
  topics: z
    .strictObject({
      include: z.array(glob).default(["*"]),
      exclude: z.array(glob).default(["exchange:amq.*"]),
    })
    .prefault({}),
  groups: GroupPatterns,
  start: StartPoint.prefault("latest"),
  tap: z
    .strictObject({
      /** how much of each exchange the broker keeps for Flowtap: whichever limit is reached first */
      keepHours: z
        .number()
        .int()
        .min(1)
        .max(24 * 31)
        .default(24),
      keepMegabytes: z.number().int().min(10).max(1_000_000).default(2000),
    })
    .prefault({}),
});

/** A cluster without a `system` is Kafka. */
export const ClusterConfig = z.discriminatedUnion("system", [KafkaClusterConfig, RabbitClusterConfig], {
  error: "must be kafka or rabbitmq",
});

export type ClusterConfig = z.infer<typeof ClusterConfig>;
export type KafkaClusterConfig = z.infer<typeof KafkaClusterConfig>;
export type RabbitClusterConfig = z.infer<typeof RabbitClusterConfig>;
export type TlsConfig = z.infer<typeof TlsConfig>;
export type SaslConfig = z.infer<typeof SaslConfig>;
