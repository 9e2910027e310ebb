/** Why a group is in trouble, with the evidence for people and for machines. */
import { z } from "zod";
import { CAUSES, CAUSE_TITLES, type Cause as CauseName } from "#lib/domain/health/cause.ts";
import { REASON_KINDS } from "#lib/domain/health/reason.ts";
import { TopicPartition, CAUSE_DATA } from "./cause-data.ts";
import { Decimal, Iso } from "./common.ts";

export const Cause = z.enum(CAUSES);

const FIELDS = {
  title: z.string(),
  sentence: z.string(),
  since: Iso.nullable(),
  at: TopicPartition.extend({ offset: Decimal.nullable() }).nullable(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
};

const causeOf = <C extends CauseName, S extends z.ZodRawShape>(cause: C, data: z.ZodObject<S>) =>
  z.object({
    cause: z.literal(cause),
    ...FIELDS,
    data: data.partial().meta({ description: "a field that the version which stored it did not know is missing" }),
  });

/** Why a group is not ok, with what shows it. */
export const GroupCause = z
  .discriminatedUnion("cause", [
    causeOf("broker_trouble", CAUSE_DATA.broker_trouble),
    causeOf("data_lost", CAUSE_DATA.data_lost),
    causeOf("rebalance_loop", CAUSE_DATA.rebalance_loop),
    causeOf("no_members", CAUSE_DATA.no_members),
    causeOf("not_consuming", CAUSE_DATA.not_consuming),
    causeOf("open_transaction", CAUSE_DATA.open_transaction),
    causeOf("poison_event", CAUSE_DATA.poison_event),
    causeOf("hung_member", CAUSE_DATA.hung_member),
    causeOf("rewound", CAUSE_DATA.rewound),
    causeOf("skipped_ahead", CAUSE_DATA.skipped_ahead),
    causeOf("hot_partition", CAUSE_DATA.hot_partition),
    causeOf("too_slow", CAUSE_DATA.too_slow),
  ])
  .meta({ id: "GroupCause" });
export type GroupCause = z.infer<typeof GroupCause>;
/** The one with this cause. */
export type GroupCauseOf<C extends CauseName> = Extract<GroupCause, { cause: C }>;

/** What a Date can hold. */
const LAST_MOMENT_MS = 8.64e15;

/** The columns of a stored finding; `data` and `at` may be what another version wrote. */
const Stored = z.object({
  cause: Cause,
  sentence: z.string(),
  facts: FIELDS.facts.catch([]),
  at: FIELDS.at.catch(null),
  sinceMs: z.number().min(0).max(LAST_MOMENT_MS).nullable().catch(null),
  data: z.record(z.string(), z.unknown()).catch({}),
});

/**
 * A stored finding as the API shows it; null where it is none. Fields of its data that do not parse are left out, so a
 * row that another version of Flowtap stored is shown with the rest.
 */
export function storedCause(detail: unknown, since: Date | null): GroupCause | null {
  const stored = Stored.safeParse(detail);
  if (!stored.success) return null;
  const { cause, sentence, facts, at, sinceMs, data } = stored.data;
  const sinceDate = since ?? (sinceMs === null ? null : new Date(sinceMs));
  const fields: Readonly<Record<string, z.ZodType>> = CAUSE_DATA[cause].shape;
  const readable = Object.entries(fields).filter(([name, field]) => field.safeParse(data[name]).success);
  return GroupCause.parse({
    cause,
    title: CAUSE_TITLES[cause],
    sentence,
    since: sinceDate?.toISOString() ?? null,
    at,
    facts,
    data: Object.fromEntries(readable.map(([name]) => [name, data[name]])),
  });
}

export const ReasonKind = z.enum(REASON_KINDS);
