import type { Verdict } from "#lib/contracts/common.ts";
import { storedCause } from "#lib/contracts/group-cause.ts";
import type { GroupRow, GroupsQuery, GroupsView } from "#lib/contracts/groups.ts";
import { isStuck } from "#lib/domain/health/verdict.ts";
import { ok } from "#lib/domain/result.ts";
import type { GroupListCursor } from "#lib/store/groups/groups-filter.ts";
import { countGroups, readGroups, readTopicsOfGroups, type GroupColumns } from "#lib/store/groups/groups-read.ts";
import { readLagSparks } from "#lib/store/groups/lag-sparks-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { decodeKey, encodeKey } from "./page-cursor.ts";
import { floorTo } from "./steps.ts";

const SPARK_MINUTES = 30;

const CURSOR = /^(\d{1,3})\n(\d{1,18})\n(-?\d{1,18})\n(\d{1,9})$/;

/** Consumer groups, worst first unless asked otherwise. */
export async function listGroups(deps: QueryDeps, query: GroupsQuery): Answer<GroupsView> {
  const [found, byVerdict] = await Promise.all([
    readGroups(deps.prisma, query, query.sort, query.limit + 1, cursorOf(query.cursor)),
    countGroups(deps.prisma, query),
  ]);
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  const counts = { stuck: 0, warning: 0, ok: 0, unknown: 0 };
  let total = 0;
  for (const { verdict, groups, asked } of byVerdict as { verdict: Verdict; groups: number; asked: number }[]) {
    counts[verdict === "warning" || verdict === "ok" ? verdict : isStuck(verdict) ? "stuck" : "unknown"] += groups;
    total += asked;
  }
  const next =
    found.length > query.limit && last !== undefined
      ? encodeKey([String(last.severity), String(last.lagMessages), String(last.timeLagMs ?? -1n), String(last.id)])
      : null;
  return ok({ items: await groupRows(deps, shown), next, total, counts, leftOut: [...(deps.leftOutGroups ?? [])] });
}

function cursorOf(cursor: string | undefined): GroupListCursor | null {
  const key = decodeKey(cursor, CURSOR);
  if (key === null) return null;
  const [severity = "", lag = "", timeLag = "", id = ""] = key;
  return { severity: Number(severity), lagMessages: BigInt(lag), timeLagMs: BigInt(timeLag), id: Number(id) };
}

/** Groups as lists show them, with their topics and the lag of the last half hour. */
export async function groupRows(
  deps: QueryDeps,
  groups: readonly GroupColumns[],
  toMs = deps.now(),
): Promise<GroupRow[]> {
  if (groups.length === 0) return [];
  const ids = groups.map((group) => group.id);
  const firstMinuteMs = floorTo(toMs, 60_000) - (SPARK_MINUTES - 1) * 60_000;
  const [topics, sparks] = await Promise.all([
    readTopicsOfGroups(deps.prisma, ids),
    readLagSparks(deps.prisma, ids, new Date(firstMinuteMs), new Date(toMs)),
  ]);
  const topicsOf = Map.groupBy(topics, (topic) => topic.groupId);
  const pointsOf = Map.groupBy(sparks, (point) => point.groupId);
  return groups.map((group) => {
    const spark = new Array<number | null>(SPARK_MINUTES).fill(null);
    for (const point of pointsOf.get(group.id) ?? [])
      spark[Math.round((point.at.getTime() - firstMinuteMs) / 60_000)] = point.lag;
    return groupRow(
      group,
      (topicsOf.get(group.id) ?? []).map((topic) => topic.topic),
      spark,
    );
  });
}

function groupRow(
  {
    id: _id,
    severity: _severity,
    coordinator: _coordinator,
    generation: _generation,
    causeSince,
    causeDetail,
    ...group
  }: GroupColumns,
  topics: string[],
  spark: (number | null)[],
): GroupRow {
  return {
    ...group,
    topics,
    verdictSince: group.verdictSince?.toISOString() ?? null,
    lagMessages: String(group.lagMessages),
    timeLagMs: group.timeLagMs === null ? null : Number(group.timeLagMs),
    lostMessages: String(group.lostMessages),
    cause: group.cause === null ? null : storedCause(causeDetail, causeSince),
    spark,
    evaluatedAt: group.evaluatedAt?.toISOString() ?? null,
  };
}
