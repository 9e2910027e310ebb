/** Why a group is in trouble, with the evidence for people and for machines. */
import { z } from "zod";
import { CAUSES, CAUSE_TITLES, type Cause as CauseName } from "#lib/domain/health/cause.ts";
import { NOT_CONSUMING_KINDS, POISON_EVIDENCE, type FindingData } from "#lib/domain/health/finding.ts";
import { Decimal, Iso } from "./common.ts";

export const Cause = z.enum(CAUSES);

const count = z.number().int();
const perSecond = z.number().meta({ description: "events per second" });
const partitionText = z.string().meta({ description: "topic[3]" });
const partitionTexts = z.array(partitionText).meta({ description: "the first hundred" });
const partition = z.object({ topic: z.string(), partition: count });
const jump = partition.extend({ from: Decimal, to: Decimal, at: Iso });
const partitionCount = count.meta({ description: "how many there are, also where the list is cut" });
const client = z.object({ memberId: z.string(), clientId: z.string(), host: z.string() });

/** The evidence for each cause: the zod side of FindingData. */
const DATA = {
  broker_trouble: z.object({
    reason: z.string().nullable().meta({ description: "why it does not answer; null: partitions have no leader" }),
    leaderless: partitionTexts,
    partitionCount,
  }),
  data_lost: z.object({
    lostMessages: Decimal,
    partitions: z.array(partition.extend({ committedOffset: Decimal, logStartOffset: Decimal })),
    partitionCount,
  }),
  rebalance_loop: z.object({
    rebalances: count,
    windowMs: z.number(),
    joined: count,
    left: count,
    byClient: z.record(z.string(), count).meta({ description: "how often each client joined" }),
    consumed: z.number(),
  }),
  no_members: z.object({
    lagMessages: Decimal,
    timeLagMs: z.number(),
    emptySince: Iso,
    lastLeft: client.extend({ at: Iso }).nullable(),
    lastCommitAt: Iso.nullable(),
    assignsItself: z.boolean().meta({ description: "its consumers assign partitions to themselves" }),
  }),
  not_consuming: z.object({
    kind: z.enum(NOT_CONSUMING_KINDS),
    topic: z.string().nullable(),
    waitingMessages: Decimal,
    partitions: partitionTexts,
    partitionCount,
    members: count,
  }),
  open_transaction: z.object({
    producerId: z.string().nullable(),
    transactionalId: z.string().nullable(),
    startedAt: Iso,
    lastStableOffset: Decimal,
    endOffset: Decimal,
    offsetsBehind: Decimal,
    partitions: partitionTexts,
  }),
  poison_event: z.object({
    offset: Decimal,
    shownBy: z.enum(POISON_EVIDENCE),
    returns: count.nullable().meta({ description: "how often the group went back to the offset" }),
    lagMessages: Decimal,
    partitions: z.array(partition.extend({ offset: Decimal })),
    otherPartitions: count,
    memberId: z.string().nullable(),
    clientId: z.string().nullable(),
    host: z.string().nullable(),
  }),
  hung_member: z.object({
    members: z.array(client.extend({ partitions: partitionTexts })),
    hungCount: count,
    memberCount: count,
    partitionCount,
    lagMessages: Decimal,
  }),
  rewound: z.object({ messages: Decimal, left: Decimal, partitions: z.array(jump), partitionCount }),
  skipped_ahead: z.object({ messages: Decimal, partitions: z.array(jump), partitionCount }),
  hot_partition: z.object({
    partitions: z.array(partition.extend({ offset: Decimal, lagMessages: Decimal })),
    partitionCount,
    ofPartitions: count,
    lagPercent: z.number(),
    inRate: perSecond,
    outRate: perSecond,
    othersKeepUp: z.boolean(),
    keys: z.array(z.object({ key: z.string(), share: z.number() })).meta({ description: "share: 0–1 of the events" }),
  }),
  too_slow: z.object({
    topic: z.string(),
    inRate: perSecond,
    outRate: perSecond,
    factor: z.number().nullable().meta({ description: "how many times faster it would have to be" }),
    lagMessages: Decimal,
    members: count,
    partitions: count,
  }),
} satisfies { [C in CauseName]: z.ZodType<FindingData[C]> };

const FIELDS = {
  title: z.string(),
  sentence: z.string(),
  since: Iso.nullable(),
  at: partition.extend({ offset: Decimal.nullable() }).nullable(),
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
    causeOf("broker_trouble", DATA.broker_trouble),
    causeOf("data_lost", DATA.data_lost),
    causeOf("rebalance_loop", DATA.rebalance_loop),
    causeOf("no_members", DATA.no_members),
    causeOf("not_consuming", DATA.not_consuming),
    causeOf("open_transaction", DATA.open_transaction),
    causeOf("poison_event", DATA.poison_event),
    causeOf("hung_member", DATA.hung_member),
    causeOf("rewound", DATA.rewound),
    causeOf("skipped_ahead", DATA.skipped_ahead),
    causeOf("hot_partition", DATA.hot_partition),
    causeOf("too_slow", DATA.too_slow),
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
  const fields: Readonly<Record<string, z.ZodType>> = DATA[cause].shape;
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
