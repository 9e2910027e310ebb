import type { TopicQuery, TopicView } from "#lib/contracts/topics.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readGroupsOf } from "#lib/store/destinations/topic-groups-read.ts";
import { readTopicPartitions, readTopicSeries, readTopicTypes } from "#lib/store/destinations/topic-detail-read.ts";
import { readGenerations, readPartitionFaults } from "#lib/store/destinations/topic-reading-read.ts";
import { readTopic } from "#lib/store/destinations/topics-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { fillSteps, lastMinutes, spanOf } from "./steps.ts";
import { rateSince, topicRows } from "./topics.ts";

const POINTS = 120;
const LISTED_GROUPS = 5000;
const LISTED_FAULTS = 50;
const LISTED_GENERATIONS = 10;
/** The most types with a colour of their own in the chart; the rest is drawn together. */
const CHARTED_TYPES = 12;
const REST = "(other)";

/** One topic: its types, producers, groups, partitions and throughput. */
export async function getTopic(
  deps: QueryDeps,
  { cluster, topic, query }: { cluster: string; topic: string; query: TopicQuery },
): Answer<TopicView> {
  const { prisma } = deps;
  const nowMs = deps.now();
  const since = rateSince(nowMs);
  const found = await readTopic(prisma, cluster, topic, new Date(since));
  if (found === null) return err(notFound(`The topic ${topic} of ${cluster}`));
  const steps = lastMinutes(query.minutes, query.at, nowMs, POINTS);
  const span = spanOf(steps);
  const readers = readGroupsOf(prisma, [found.id], LISTED_GROUPS);
  const [[row], partitions, types, groups, series, faults, generations] = await Promise.all([
    topicRows(deps, [found], readers, since),
    readTopicPartitions(prisma, found.id),
    readTopicTypes(prisma, found.id, span),
    readers,
    readTopicSeries(prisma, found.id, span),
    readPartitionFaults(prisma, found.id, LISTED_FAULTS),
    readGenerations(prisma, found.id, LISTED_GENERATIONS),
  ]);
  if (row === undefined) return err(notFound(`The topic ${topic} of ${cluster}`));
  const messages = partitions.reduce((sum, p) => sum + (p.endOffset - p.logStartOffset), 0n);
  const seconds = (steps.toMs - steps.fromMs) / 1000;
  const charted = new Set(types.slice(0, CHARTED_TYPES).map((type) => type.type));
  return ok({
    row,
    partitions: partitions.map((p) => ({
      partition: p.partition,
      logStartOffset: String(p.logStartOffset),
      endOffset: String(p.endOffset),
      tapNext: p.tapNext === null ? null : String(p.tapNext),
      leader: p.leader,
      share: messages === 0n ? 0 : Number(p.endOffset - p.logStartOffset) / Number(messages),
    })),
    faults: faults.map((fault) => ({ ...fault, since: fault.since.toISOString() })),
    generationOf: generations.generationOf,
    goneAt: generations.goneAt?.toISOString() ?? null,
    formerGenerations: generations.former.map((one) => ({ topic: one.topic, goneAt: one.goneAt.toISOString() })),
    types: types.map((type) => ({
      ...type,
      ratePerSecond: type.events / seconds,
      firstSeenAt: type.firstSeenAt.toISOString(),
    })),
    groups: groups.map(({ group, verdict, lagMessages, timeLagMs }) => ({
      group,
      verdict,
      lagMessages: String(lagMessages),
      timeLagMs: timeLagMs === null ? null : Number(timeLagMs),
    })),
    stepSeconds: steps.stepMs / 1000,
    series: fillSteps(steps, merged(series, charted), (at, point) => ({
      at,
      byType: point?.byType ?? {},
      bytes: point?.bytes ?? 0,
      errors: point?.errors ?? 0,
    })),
  });
}

function merged(
  rows: readonly { at: Date; type: string; events: number; bytes: number; errors: number }[],
  charted: ReadonlySet<string>,
) {
  const points = new Map<number, { at: Date; byType: Record<string, number>; bytes: number; errors: number }>();
  for (const row of rows) {
    const point = points.get(row.at.getTime()) ?? {
      at: row.at,
      byType: Object.create(null) as Record<string, number>,
      bytes: 0,
      errors: 0,
    };
    const type = charted.has(row.type) ? row.type : REST;
    point.byType[type] = (point.byType[type] ?? 0) + row.events;
    point.bytes += row.bytes;
    point.errors += row.errors;
    points.set(row.at.getTime(), point);
  }
  return [...points.values()];
}
