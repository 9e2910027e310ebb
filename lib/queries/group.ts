import type { GroupQuery, GroupView } from "#lib/contracts/groups.ts";
import { err, ok } from "#lib/domain/result.ts";
import {
  countGroupFailures,
  readCommitHeat,
  readGroupPartitions,
  type GroupPartitionColumns,
} from "#lib/store/groups/group-read.ts";
import { readGroup, type GroupColumns } from "#lib/store/groups/groups-read.ts";
import { readGroupEvents } from "#lib/store/groups/group-events-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { groupEvent } from "./group-events.ts";
import { groupSeries } from "./group-series.ts";
import { memberRow, type GroupSnapshot } from "./group-status.ts";
import { groupAt } from "./group-at.ts";
import { headsOf } from "./group-heads.ts";
import { groupRows } from "./groups.ts";
import { groupIncidents } from "./incidents.ts";
import { floorTo, lastMinutes } from "./steps.ts";

const POINTS = 120;
const HEAT_MINUTES = 30;
const MARKS = 500;
const INCIDENTS = 20;

/** One consumer group with its partitions, its members and what waits at the heads; now, or as it was. */
export async function getGroup(
  deps: QueryDeps,
  { cluster, group, query }: { cluster: string; group: string; query: GroupQuery },
): Answer<GroupView> {
  const { prisma } = deps;
  const found = await readGroup(prisma, cluster, group);
  if (found === null) return err(notFound(`The group ${group} of ${cluster}`));
  const nowMs = deps.now();
  const askedMs = query.at === undefined ? nowMs : Date.parse(query.at);
  const past = askedMs < nowMs;
  const atMs = past ? askedMs : nowMs;
  const steps = lastMinutes(query.minutes, query.at, nowMs, POINTS);
  const heatFromMs = floorTo(atMs, 60_000) - (HEAT_MINUTES - 1) * 60_000;
  const [snapshot, heat, series, events, incidents, failures] = await Promise.all([
    past ? groupAt(deps, found, atMs) : snapshotNow(deps, found),
    readCommitHeat(prisma, found.id, new Date(heatFromMs), new Date(atMs)),
    groupSeries(prisma, found.id, steps),
    readGroupEvents(prisma, found.id, new Date(steps.fromMs), new Date(atMs), MARKS),
    groupIncidents(deps, found.id, atMs, INCIDENTS),
    countGroupFailures(prisma, cluster, group, new Date(atMs)),
  ]);
  const stripOf = heatStrips(heat, heatFromMs);
  return ok({
    row: snapshot.row,
    coordinator: snapshot.coordinator,
    generation: snapshot.generation,
    at: past ? new Date(atMs).toISOString() : null,
    missing: snapshot.missing,
    partitions: snapshot.partitions.map(({ destinationId, ...row }) => ({
      ...row,
      heat: stripOf(destinationId, row.partition),
    })),
    members: snapshot.members,
    // What waits in a queue is known by its number only.
    head: snapshot.row.protocol === "queue" ? [] : await headsOf(deps, snapshot.partitions, atMs),
    stepSeconds: steps.stepMs / 1000,
    series,
    events: events.map(groupEvent),
    incidents,
    failures,
  });
}

async function snapshotNow(deps: QueryDeps, found: GroupColumns): Promise<GroupSnapshot> {
  const [[row], partitions, members] = await Promise.all([
    groupRows(deps, [found]),
    readGroupPartitions(deps.prisma, found.id),
    deps.prisma.groupMember.findMany({ where: { groupId: found.id }, orderBy: { clientId: "asc" }, take: 2000 }),
  ]);
  if (row === undefined) throw new Error("one group in, one row out");
  return {
    row,
    coordinator: found.coordinator,
    generation: found.generation,
    partitions: partitions.map(partitionNow),
    members: members.map(memberRow),
    missing: null,
  };
}

function partitionNow(p: GroupPartitionColumns): GroupSnapshot["partitions"][number] {
  const text = (value: bigint | null): string | null => (value === null ? null : String(value));
  return {
    ...p,
    committedOffset: text(p.committedOffset),
    endOffset: text(p.endOffset),
    logStartOffset: text(p.logStartOffset),
    lastStableOffset: text(p.lastStableOffset),
    lagMessages: text(p.lagMessages),
    lostMessages: String(p.lostMessages),
    timeLagMs: p.timeLagMs === null ? null : Number(p.timeLagMs),
    movedAt: p.movedAt?.toISOString() ?? null,
  };
}

/** Commits per minute, oldest first. */
function heatStrips(
  cells: readonly { destinationId: number; partition: number; at: Date; commits: number }[],
  fromMs: number,
): (destinationId: number, partition: number) => number[] {
  const strips = new Map<string, number[]>();
  for (const { destinationId, partition, at, commits } of cells) {
    const partitionKey = `${destinationId}/${partition}`;
    const strip = strips.get(partitionKey) ?? new Array<number>(HEAT_MINUTES).fill(0);
    const minute = Math.round((at.getTime() - fromMs) / 60_000);
    if (minute >= 0 && minute < HEAT_MINUTES) strip[minute] = commits;
    strips.set(partitionKey, strip);
  }
  return (destinationId, partition) =>
    strips.get(`${destinationId}/${partition}`) ?? new Array<number>(HEAT_MINUTES).fill(0);
}
