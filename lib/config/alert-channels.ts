/** The channels to which alerts are sent: webhook, Slack, email, PagerDuty. */
import { z } from "zod";

/** The name of a channel or a rule. */
export const alertName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[\w. -]+$/, "may hold letters, digits, space, dot, dash and underscore");

const secret = z.string().min(1).max(2000);
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an address that begins with https:// or http://" });
const CHANNEL = { name: alertName };

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
      port: z.number().int().min(1).max(65535).optional(),
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

export type AlertChannel = z.infer<typeof AlertChannel>;
export type ChannelOf<K extends AlertChannel["kind"]> = Extract<AlertChannel, { kind: K }>;
