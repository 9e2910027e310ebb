import type { Verdict } from "#lib/contracts/common.ts";
import type { GroupCause, GroupRow, GroupsQuery, GroupsView } from "#lib/contracts/groups.ts";
import { CAUSE_TITLES, type Finding } from "#lib/domain/lag/cause.ts";
import { isStuck } from "#lib/domain/lag/verdict.ts";
import { ok } from "#lib/domain/result.ts";
import { countGroups, readGroups, readLagSparks, readTopicsOfGroups, type GroupColumns } from "#lib/store/groups-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { pageFrom, rowOf } from "./page-cursor.ts";
import { floorTo } from "./steps.ts";

const SPARK_MINUTES = 30;

/** Consumer groups, worst first unless asked otherwise. */
export async function listGroups(deps: QueryDeps, query: GroupsQuery): Answer<GroupsView> {
  const row = rowOf(query.cursor);
  const [found, byVerdict] = await Promise.all([readGroups(deps.prisma, query, query.sort, query.limit + 1, row), countGroups(deps.prisma, query)]);
  const { rows, next } = pageFrom(found, row, query.limit);
  const counts = { stuck: 0, warning: 0, ok: 0, unknown: 0 };
  let total = 0;
  for (const { verdict, groups } of byVerdict as { verdict: Verdict; groups: number }[]) {
    counts[verdict === "warning" || verdict === "ok" ? verdict : isStuck(verdict) ? "stuck" : "unknown"] += groups;
    if (query.verdict === undefined || query.verdict === verdict) total += groups;
  }
  return ok({ items: await groupRows(deps, rows), next, total, counts });
}

/** The standing of groups with what lists show beside it: topics and the lag of the last half hour. */
export async function groupRows(deps: QueryDeps, groups: readonly GroupColumns[]): Promise<GroupRow[]> {
  if (groups.length === 0) return [];
  const ids = groups.map((group) => group.id);
  const firstMinuteMs = floorTo(deps.now(), 60_000) - (SPARK_MINUTES - 1) * 60_000;
  const [topics, sparks] = await Promise.all([readTopicsOfGroups(deps.prisma, ids), readLagSparks(deps.prisma, ids, new Date(firstMinuteMs))]);
  return groups.map((group) => {
    const spark = new Array<number>(SPARK_MINUTES).fill(0);
    for (const point of sparks) {
      if (point.groupId === group.id) spark[Math.round((point.at.getTime() - firstMinuteMs) / 60_000)] = point.lag;
    }
    return groupRow(group, topics.filter((topic) => topic.groupId === group.id).map((topic) => topic.topic), spark);
  });
}

function groupRow({ id: _id, coordinator: _coordinator, generation: _generation, causeSince, causeDetail, ...group }: GroupColumns, topics: string[], spark: number[]): GroupRow {
  return {
    ...group,
    topics,
    verdict: group.verdict as Verdict,
    verdictSince: group.verdictSince?.toISOString() ?? null,
    lagMessages: String(group.lagMessages),
    timeLagMs: group.timeLagMs === null ? null : Number(group.timeLagMs),
    lostMessages: String(group.lostMessages),
    cause: group.cause === null ? null : groupCause(causeDetail as Finding, causeSince),
    spark,
    judgedAt: group.judgedAt?.toISOString() ?? null,
  };
}

/** A finding as the inspector stored it, for people and machines. */
export function groupCause({ cause, sentence, at, facts, data, sinceMs }: Finding, since: Date | null): GroupCause {
  return { cause, title: CAUSE_TITLES[cause], sentence, since: since?.toISOString() ?? (sinceMs === null ? null : new Date(sinceMs).toISOString()), at, facts: [...facts], data };
}
