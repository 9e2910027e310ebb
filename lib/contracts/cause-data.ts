/** The evidence for each cause: the zod side of FindingData. */
import { z } from "zod";
import type { Cause as CauseName } from "#lib/domain/health/cause.ts";
import { NOT_CONSUMING_KINDS, POISON_EVIDENCE, type FindingData } from "#lib/domain/health/finding.ts";
import { Decimal, Iso } from "./common.ts";

const count = z.number().int();
const perSecond = z.number().meta({ description: "events per second" });
const partitionText = z.string().meta({ description: "topic[3]" });
const partitionTexts = z.array(partitionText).meta({ description: "the first hundred" });
export const TopicPartition = z.object({ topic: z.string(), partition: count });
const jump = TopicPartition.extend({ from: Decimal, to: Decimal, at: Iso });
const partitionCount = count.meta({ description: "how many there are, also where the list is cut" });
const client = z.object({ memberId: z.string(), clientId: z.string(), host: z.string() });

/** The evidence for each cause: the zod side of FindingData. */
export const CAUSE_DATA = {
  broker_trouble: z.object({
    reason: z.string().nullable().meta({ description: "why it does not answer; null: partitions have no leader" }),
    leaderless: partitionTexts,
    partitionCount,
  }),
  data_lost: z.object({
    lostMessages: Decimal,
    partitions: z.array(TopicPartition.extend({ committedOffset: Decimal, logStartOffset: Decimal })),
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
    partitions: z.array(TopicPartition.extend({ offset: Decimal })),
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
    partitions: z.array(TopicPartition.extend({ offset: Decimal, lagMessages: Decimal })),
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
