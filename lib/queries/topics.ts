import type { TopicRow, TopicsQuery, TopicsView } from "#lib/contracts/topics.ts";
import { ok } from "#lib/domain/result.ts";
import { readGroupsOf, type ReadingGroup } from "#lib/store/destinations/topic-groups-read.ts";
import {
  countTopics,
  readProducers,
  readRateSparks,
  readTopics,
  type TopicColumns,
} from "#lib/store/destinations/topics-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { pageFrom, rowOf } from "./page-cursor.ts";
import { BUCKET_MS, floorTo } from "./steps.ts";

/** the most groups named for each topic of a list */
const NAMED_GROUPS = 50;
const SPARK_MINUTES = 30;
const RATE_WINDOW_MS = 60_000;

/** The start of the window for a topic's current rate. */
export const rateSince = (nowMs: number): number => floorTo(nowMs - RATE_WINDOW_MS, BUCKET_MS);

export async function listTopics(deps: QueryDeps, query: TopicsQuery): Answer<TopicsView> {
  const row = rowOf(query.cursor);
  const since = rateSince(deps.now());
  const [found, total] = await Promise.all([
    readTopics(deps.prisma, query, query.sort, new Date(since), query.limit + 1, row),
    countTopics(deps.prisma, query),
  ]);
  const { rows, next } = pageFrom(found, row, query.limit);
  const readers = readGroupsOf(
    deps.prisma,
    rows.map((topic) => topic.id),
    NAMED_GROUPS,
  );
  return ok({ items: await topicRows(deps, rows, readers, since), next, total });
}

/** Topics with their producers, their groups (`readers`) and the throughput of the last half hour. */
export async function topicRows(
  deps: QueryDeps,
  topics: readonly TopicColumns[],
  readers: Promise<readonly ReadingGroup[]>,
  sinceMs: number,
): Promise<TopicRow[]> {
  const ids = topics.map((topic) => topic.id);
  const nowMs = deps.now();
  const firstMinuteMs = floorTo(nowMs, 60_000) - (SPARK_MINUTES - 1) * 60_000;
  const [producers, groups, sparks] = await Promise.all([
    readProducers(deps.prisma, ids, new Date(firstMinuteMs)),
    readers,
    readRateSparks(deps.prisma, ids, new Date(firstMinuteMs)),
  ]);
  const [producersOf, groupsOf, sparksOf] = [
    Map.groupBy(producers, topicId),
    Map.groupBy(groups, topicId),
    Map.groupBy(sparks, topicId),
  ];
  const seconds = (nowMs - sinceMs) / 1000;
  return topics.map(({ id, events, bytes, messages, tapBehind, retentionMs, ...topic }) => {
    const spark = new Array<number>(SPARK_MINUTES).fill(0);
    for (const point of sparksOf.get(id) ?? []) {
      const minute = Math.round((point.at.getTime() - firstMinuteMs) / 60_000);
      if (minute >= 0 && minute < SPARK_MINUTES) spark[minute] = point.events;
    }
    const readBy = groupsOf.get(id) ?? [];
    return {
      ...topic,
      inRate: events / seconds,
      bytesPerSecond: bytes / seconds,
      producers: (producersOf.get(id) ?? []).map(({ service }) => service),
      groups: readBy.slice(0, NAMED_GROUPS).map(({ group }) => group),
      groupCount: readBy[0]?.among ?? 0,
      messages: String(messages),
      tapBehind: String(tapBehind),
      retentionMs: retentionMs === null ? null : Number(retentionMs),
      spark,
    };
  });
}

const topicId = ({ id }: { readonly id: number }): number => id;
