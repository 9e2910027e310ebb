import type { Verdict } from "#lib/contracts/common.ts";
import type { GroupQuery, GroupView, HeadOfLine, MemberRow, PartitionFlag, PartitionRow } from "#lib/contracts/groups.ts";
import { err, ok } from "#lib/domain/result.ts";
import { countGroupFailures, readCommitHeat, readEventsAt, readGroupPartitions, readGroupSeries, readInflow, type GroupPartitionColumns } from "#lib/store/group-detail-read.ts";
import { readGroup } from "#lib/store/groups-read.ts";
import { traceIdOf } from "#lib/store/identifiers.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { groupRows } from "./groups.ts";
import { fillSteps, floorTo, lastMinutes, spanOf } from "./steps.ts";

const POINTS = 120;
const HEAT_MINUTES = 30;
const HEADS = 20;

/** One consumer group with its partitions, its members and what waits at the heads. */
export async function getGroup(deps: QueryDeps, { cluster, group, query }: { cluster: string; group: string; query: GroupQuery }): Answer<GroupView> {
  const { prisma } = deps;
  const found = await readGroup(prisma, cluster, group);
  if (found === null) return err(notFound(`The group ${group} of ${cluster}`));
  const nowMs = deps.now();
  const steps = lastMinutes(query.minutes, query.at, nowMs, POINTS);
  const heatFromMs = floorTo(nowMs, 60_000) - (HEAT_MINUTES - 1) * 60_000;
  const partitions = await readGroupPartitions(prisma, found.id);
  const lagging = partitions.filter((p) => (p.lagMessages ?? 0n) > 0n && p.committedOffset !== null).sort((a, b) => Number((b.timeLagMs ?? 0n) - (a.timeLagMs ?? 0n)) || Number((b.lagMessages ?? 0n) - (a.lagMessages ?? 0n)));
  const [[row], heat, members, heads, series, inflow, failures] = await Promise.all([
    groupRows(deps, [found]),
    readCommitHeat(prisma, found.id, new Date(heatFromMs)),
    prisma.groupMember.findMany({ where: { groupId: found.id }, orderBy: { clientId: "asc" }, take: 2000 }),
    readEventsAt(prisma, lagging.slice(0, HEADS).map((p) => ({ destinationId: p.destinationId, partition: p.partition, position: p.committedOffset ?? 0n }))),
    readGroupSeries(prisma, found.id, spanOf(steps)),
    readInflow(prisma, found.id, spanOf(steps)),
    countGroupFailures(prisma, cluster, group, new Date(nowMs - 3_600_000)),
  ]);
  if (row === undefined) return err(notFound(`The group ${group} of ${cluster}`));

  const place = (p: { destinationId: number; partition: number }) => `${p.destinationId}/${p.partition}`;
  const heatOf = new Map<string, number[]>();
  for (const cell of heat) {
    const strip = heatOf.get(place(cell)) ?? new Array<number>(HEAT_MINUTES).fill(0);
    const minute = Math.round((cell.at.getTime() - heatFromMs) / 60_000);
    if (minute >= 0 && minute < HEAT_MINUTES) strip[minute] = cell.commits;
    heatOf.set(place(cell), strip);
  }
  const headOf = new Map(heads.map((head) => [place(head), head]));
  const inflowAt = new Map(inflow.map((point) => [point.at.getTime(), point.events]));
  const seconds = steps.stepMs / 1000;
  return ok({
    row,
    coordinator: found.coordinator,
    generation: found.generation,
    at: null,
    missing: null,
    partitions: partitions.map((p) => partitionRow(p, heatOf.get(place(p)) ?? new Array<number>(HEAT_MINUTES).fill(0))),
    members: members.map(({ memberId, clientId, host, assignment }) => ({ memberId, clientId, host, partitions: assignmentOf(assignment) })),
    head: lagging.slice(0, HEADS).map((p): HeadOfLine => {
      const head = headOf.get(place(p));
      return {
        topic: p.topic,
        partition: p.partition,
        offset: String(head?.position ?? p.committedOffset ?? 0n),
        occurredAt: head?.occurredAt.toISOString() ?? null,
        type: head?.type ?? null,
        key: head?.key ?? null,
        traceId: head?.traceId ? traceIdOf(head.traceId) : null,
        waitingMs: head === undefined ? null : Math.max(0, nowMs - head.occurredAt.getTime()),
      };
    }),
    stepSeconds: seconds,
    series: fillSteps(steps, series, (at, point) => ({
      at,
      lagMessages: point?.lagMessages ?? null,
      timeLagMs: point?.timeLagMs ?? null,
      inRate: (inflowAt.get(Date.parse(at)) ?? 0) / seconds,
      outRate: (point?.consumed ?? 0) / seconds,
      errors: point?.errors ?? 0,
      members: point?.members ?? null,
      verdict: (point?.verdict ?? null) as Verdict | null,
    })),
    marks: [],
    incidents: [],
    failures,
  });
}

function partitionRow(p: GroupPartitionColumns, heat: number[]): PartitionRow {
  const { destinationId: _destinationId, ...row } = p;
  return {
    ...row,
    committedOffset: text(p.committedOffset),
    endOffset: text(p.endOffset),
    logStartOffset: text(p.logStartOffset),
    lastStableOffset: text(p.lastStableOffset),
    lagMessages: text(p.lagMessages),
    lostMessages: String(p.lostMessages),
    flag: p.flag as PartitionFlag | null,
    timeLagMs: p.timeLagMs === null ? null : Number(p.timeLagMs),
    verdict: p.verdict as Verdict,
    movedAt: p.movedAt?.toISOString() ?? null,
    heat,
  };
}

/** Written by the inspector as [{topic, partitions}]. */
function assignmentOf(json: unknown): MemberRow["partitions"] {
  return Array.isArray(json) ? (json as MemberRow["partitions"]).filter((part) => typeof part.topic === "string" && Array.isArray(part.partitions)) : [];
}

const text = (value: bigint | null): string | null => (value === null ? null : String(value));
