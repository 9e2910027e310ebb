/** Which conditions are reported as alerts, and to whom. Alerts, messages and silences themselves are in Postgres. */
import { z } from "zod";
import { SEVERITIES, subjectOf, type Condition } from "#lib/domain/alert/rule.ts";
import { CAUSES } from "#lib/domain/health/cause.ts";
import { AlertChannel, alertName } from "./alert-channels.ts";

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
    name: alertName,
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
