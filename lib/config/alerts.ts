/** Which conditions are reported as alerts, and to whom. Alerts, messages and silences themselves are in Postgres. */
import { z } from "zod";
import { SEVERITIES, subjectOf, type Condition } from "#lib/domain/alert/rule.ts";
import { CAUSES } from "#lib/domain/health/cause.ts";

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[\w. -]+$/, "may hold letters, digits, space, dot, dash and underscore");
const secret = z.string().min(1).max(2000);

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `30s`, `10m`, `6h`, `2d` → ms */
const Span = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})[smhd]$/, "must be a span such as 30s, 10m, 6h or 2d")
  .transform((text) => Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 0));

const Glob = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (glob) => !/^\^|\$$|\(.*\|.*\)|\[.+\]|\{.+\}|\.\+|\\/.test(glob),
    "is a glob, in which * stands for any characters and ? for one; this looks like a regular expression",
  );

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an address that begins with https:// or http://" });
const CHANNEL = { name };

const WebhookChannel = z.strictObject({
  ...CHANNEL,
  kind: z.literal("webhook"),
  url: httpUrl,
  headers: z
    .record(
      z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "is no header's name"),
      z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, "may hold no line breaks"),
    )
    .default({}),
  /** signs each message: HMAC-SHA256 in the header `Flowtap-Signature` */
  secret: secret.optional(),
});

const SlackChannel = z.strictObject({
  ...CHANNEL,
  kind: z.literal("slack"),
  url: httpUrl.refine(
    (url) => !/^https?:\/\/(\w+\.)*discord(app)?\.com\//.test(url) || /\/slack\/?$/.test(url),
    "of Discord must end with /slack: there it takes Slack's messages",
  ),
});

const address = z
  .string()
  .max(320)
  .regex(
    /^[^\s<>@]+@[^\s<>@]+$|^[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>$/,
    "must be an e-mail address, such as a@b.example or Name <a@b.example>",
  );
const EmailChannel = z.strictObject({
  ...CHANNEL,
  kind: z.literal("email"),
  smtp: z
    .strictObject({
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535).optional(),
      /**
       * `tls` from the first byte (465), `starttls` before anything is sent (587), `none` only inside a trusted network
       */
      security: z.enum(["tls", "starttls", "none"]).default("starttls"),
      user: z.string().min(1).optional(),
      password: secret.optional(),
      caFile: z.string().optional(),
    })
    .refine(
      (smtp) => (smtp.user === undefined) === (smtp.password === undefined),
      "needs both user and password, or neither",
    )
    .transform((smtp) => ({ ...smtp, port: smtp.port ?? { tls: 465, starttls: 587, none: 25 }[smtp.security] })),
  from: address,
  to: z.array(address).min(1).max(50),
});

const PagerDutyChannel = z.strictObject({
  ...CHANNEL,
  kind: z.literal("pagerduty"),
  /** of a service's Events API v2 integration */
  routingKey: secret,
  url: httpUrl.default("https://events.pagerduty.com/v2/enqueue"),
});

export const AlertChannel = z.discriminatedUnion("kind", [
  WebhookChannel,
  SlackChannel,
  EmailChannel,
  PagerDutyChannel,
]);

const listOf = <T extends z.ZodType>(one: T) => z.union([z.array(one).min(1), one.transform((value) => [value])]);
const CONDITIONS = [
  "verdict",
  "cause",
  "timeLagAbove",
  "lagAbove",
  "dataLossWithin",
  "deadLettersPerMinuteAbove",
  "clusterUnreachable",
] as const;

const When = z
  .strictObject({
    verdict: z
      .array(z.enum(["warning", "stopped", "stalled", "rewound"]))
      .min(1)
      .optional(),
    cause: z.array(z.enum(CAUSES)).min(1).optional(),
    timeLagAbove: Span.optional(),
    lagAbove: z.number().int().min(0).optional(),
    dataLossWithin: Span.optional(),
    deadLettersPerMinuteAbove: z.number().min(0).optional(),
    clusterUnreachable: z.literal(true).optional(),
  })
  .transform((when, context): Condition => {
    const [condition, ...more] = CONDITIONS.flatMap((kind): Condition[] => conditionOf(kind, when));
    if (condition !== undefined && more.length === 0) return condition;
    context.addIssue({ code: "custom", message: `must name exactly one of ${CONDITIONS.join(", ")}` });
    return z.NEVER;
  });

interface AlertIssue {
  readonly verdict?: readonly ("warning" | "stopped" | "stalled" | "rewound")[] | undefined;
  readonly cause?: readonly (typeof CAUSES)[number][] | undefined;
  readonly timeLagAbove?: number | undefined;
  readonly lagAbove?: number | undefined;
  readonly dataLossWithin?: number | undefined;
  readonly deadLettersPerMinuteAbove?: number | undefined;
  readonly clusterUnreachable?: true | undefined;
}

function conditionOf(kind: (typeof CONDITIONS)[number], when: AlertIssue): Condition[] {
  if (when[kind] === undefined) return [];
  switch (kind) {
    case "verdict":
      return [{ kind, verdicts: when.verdict ?? [] }];
    case "cause":
      return [{ kind, causes: when.cause ?? [] }];
    case "timeLagAbove":
    case "dataLossWithin":
      return [{ kind, ms: when[kind] ?? 0 }];
    case "lagAbove":
      return [{ kind, messages: when[kind] ?? 0 }];
    case "deadLettersPerMinuteAbove":
      return [{ kind, events: when[kind] ?? 0 }];
    case "clusterUnreachable":
      return [{ kind }];
  }
}

const AlertRuleConfig = z
  .strictObject({
    name,
    severity: z.enum(SEVERITIES).default("warning"),
    group: Glob.default("*"),
    cluster: Glob.default("*"),
    when: When,
    for: Span.prefault("2m"),
    channels: listOf(z.string().min(1).max(100)),
  })
  .refine(({ when, group }) => subjectOf(when) === "group" || group === "*", {
    path: ["group"],
    message: "is for rules about groups; clusterUnreachable is about whole clusters",
  })
  .transform(({ for: forMs, ...rule }) => ({ ...rule, forMs }));

export const AlertsConfig = z
  .strictObject({
    channels: z.array(AlertChannel).max(100).default([]),
    rules: z.array(AlertRuleConfig).max(200).default([]),
    /** alerts of one rule that begin within it go in one message */
    groupWaitSeconds: z.number().int().min(0).max(3600).default(15),
    /** how soon an alert that still fires is sent again */
    repeatHours: z.number().min(0.1).max(720).default(4),
  })
  .superRefine(
    ({ channels, rules }, context) => {
      const fault = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
      const known = namesOf(channels);
      for (const [what, names] of [
        ["channels", known],
        ["rules", namesOf(rules)],
      ] as const) {
        names.forEach((one, i) => {
          if (one !== undefined && names.indexOf(one) < i)
            fault([what, i, "name"], `"${one}" is the name of another one already`);
        });
      }
      const there = known.some((one) => one !== undefined)
        ? ` (there are: ${known.filter((one) => one !== undefined).join(", ")})`
        : "";
      listed(rules).forEach((rule, i) =>
        listed(rule?.channels).forEach((channel, j) => {
          if (!known.includes(channel))
            fault(
              ["rules", i, "channels", j],
              `names the channel "${channel}", which is not under alerts.channels${there}`,
            );
        }),
      );
    },
    // Also where something else is wrong, so that every fault is listed at once: then parts of the value
    // may be missing.
    { when: ({ value }) => typeof value === "object" && value !== null },
  );

const listed = <T>(all: readonly T[] | undefined): readonly T[] => (Array.isArray(all) ? (all as readonly T[]) : []);
const namesOf = (all: readonly ({ readonly name?: string } | null | undefined)[]): (string | undefined)[] =>
  listed(all).map((one) => one?.name);

export type AlertsConfig = z.infer<typeof AlertsConfig>;
export type AlertChannel = z.infer<typeof AlertChannel>;
export type ChannelOf<K extends AlertChannel["kind"]> = Extract<AlertChannel, { kind: K }>;
