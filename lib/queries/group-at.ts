/**
 * A group as it was at a moment, put together from what is kept: its commits, the index of events, member sessions,
 * incidents and rollups.
 */
import type { GroupRow } from "#lib/contracts/groups.ts";
import type { Incident } from "#lib/contracts/incidents.ts";
import { catchUpSeconds } from "#lib/domain/health/log/forecast.ts";
import type { GroupColumns } from "#lib/store/groups/groups-read.ts";
import { readPartitionsAt, type PartitionAt } from "#lib/store/groups/group-at-read.ts";
import { readLastGroupEvent } from "#lib/store/groups/group-events-read.ts";
import { knewMembers, readMembersAt } from "#lib/store/groups/members-at-read.ts";
import { readGroupStatusAt, type GroupStatusAt } from "#lib/store/groups/status-at-read.ts";
import type { QueryDeps } from "./deps.ts";
import { generationOf } from "./group-events.ts";
import { memberRow, type GroupSnapshot } from "./group-status.ts";
import { groupRows } from "./groups.ts";
import { groupIncidents } from "./incidents.ts";
import { partitionAt, lagOf, timeLagOf, lossOf } from "./partition-at.ts";

export async function groupAt(deps: QueryDeps, found: GroupColumns, atMs: number): Promise<GroupSnapshot> {
  const { prisma } = deps;
  const at = new Date(atMs);
  const [[shape], partitions, members, membersKnown, judged, incidents, rebalance] = await Promise.all([
    groupRows(deps, [found], atMs),
    readPartitionsAt(prisma, found.id, at),
    readMembersAt(prisma, found.id, at),
    knewMembers(prisma, found.id, at),
    readGroupStatusAt(prisma, found.id, at),
    groupIncidents(deps, found.id, atMs, 1),
    readLastGroupEvent(prisma, found.id, "rebalance", at),
  ]);
  if (shape === undefined) throw new Error("one group in, one row out");
  const incident = incidents[0]?.closedAt === null ? incidents[0] : undefined;
  const connected = members.map(memberRow);
  const ownerOf = new Map(
    connected.flatMap((member) =>
      member.partitions.flatMap(({ topic, partitions: owned }) =>
        owned.map((partition) => [`${topic}/${partition}`, member] as const),
      ),
    ),
  );
  const row = rowAt(shape, judged, incident, partitions, membersKnown ? members.length : null, atMs);
  return {
    row,
    coordinator: null,
    generation: generationOf(rebalance),
    partitions: partitions.map((partition) =>
      partitionAt(partition, row, ownerOf.get(`${partition.topic}/${partition.partition}`), atMs),
    ),
    members: connected,
    missing: missingOf(partitions, { judged: judged !== null, membersKnown }),
  };
}

function rowAt(
  shape: GroupRow,
  judged: GroupStatusAt | null,
  incident: Incident | undefined,
  partitions: readonly PartitionAt[],
  connected: number | null,
  atMs: number,
): GroupRow {
  const change = incident?.changes.findLast(({ kind }) => kind !== "closed");
  const finding = change?.finding ?? null;
  const members = connected ?? judged?.members ?? 0;
  const lags = partitions.flatMap((partition) => lagOf(partition) ?? []);
  const waits = partitions.map((partition) => (lagOf(partition) === null ? 0 : timeLagOf(partition, atMs)));
  const pace = { inRate: judged?.publishedPerSecond ?? 0, outRate: judged?.consumedPerSecond ?? 0 };
  const lagMessages =
    lags.length > 0 ? lags.reduce((sum, lag) => sum + lag, 0n) : BigInt(Math.round(judged?.lagMessages ?? 0));
  const losses = partitions.flatMap((partition) => lossOf(partition, atMs) ?? []);
  return {
    ...shape,
    ...pace,
    state: members > 0 ? "stable" : "empty",
    members,
    verdict: change?.verdict ?? judged?.verdict ?? "unknown",
    verdictSince: incident?.openedAt ?? null,
    evidence: judged === null ? 0 : 1,
    reason: change?.reason ?? null,
    reasonKind: change?.reasonKind ?? null,
    cause: finding === null ? null : { ...finding, since: finding.since ?? change?.at ?? null },
    lagMessages: String(lagMessages),
    ...longestWait(waits, judged),
    catchUpSeconds: catchUpSeconds([{ lagMessages, ...pace }]),
    dataLossSeconds: losses.length === 0 ? null : Math.min(...losses),
    lostMessages: "0",
    evaluatedAt: judged === null ? null : new Date(atMs).toISOString(),
  };
}

/**
 * The longest wait of all partitions. If it is not known for each of them, the time lag that was judged at that moment
 * counts; without one, the longest known wait is a lower bound.
 */
function longestWait(
  waits: readonly (number | null)[],
  judged: GroupStatusAt | null,
): Pick<GroupRow, "timeLagMs" | "timeLagIsFloor"> {
  const known = waits.filter((ms) => ms !== null);
  if (known.length === waits.length && known.length > 0)
    return { timeLagMs: Math.max(...known), timeLagIsFloor: false };
  if (judged !== null && judged.timeLagMs !== null) return { timeLagMs: judged.timeLagMs, timeLagIsFloor: false };
  const least = Math.max(0, ...known);
  return least === 0 ? { timeLagMs: null, timeLagIsFloor: false } : { timeLagMs: least, timeLagIsFloor: true };
}

/** What cannot be known of that moment any more: a sentence for each. */
function missingOf(
  partitions: readonly PartitionAt[],
  { judged, membersKnown }: { judged: boolean; membersKnown: boolean },
): string | null {
  const unassigned = new Set(partitions.filter(({ tapped }) => !tapped).map(({ topic }) => topic));
  const uncommitted = partitions.filter(({ committedOffset }) => committedOffset === null).length;
  const unindexed = partitions.filter((partition) => (lagOf(partition) ?? 0n) > 0n && partition.headAt === null).length;
  const untapped = [...unassigned].slice(0, 3).join(", ");
  const reported = [
    ...(judged ? [] : ["No verdict of then is kept: the group was not judged, or it is past retention."]),
    ...(uncommitted === 0 ? [] : [`${uncommitted} of ${partitions.length} partitions: no commit before then is kept.`]),
    ...(unassigned.size === 0
      ? []
      : [`Where ${untapped} ended is not known: the ${unassigned.size === 1 ? "topic is" : "topics are"} not tapped.`]),
    ...(unindexed === 0
      ? []
      : [`Since when events waited on ${unindexed} ${unindexed === 1 ? "partition" : "partitions"} is not kept.`]),
    ...(membersKnown ? [] : ["Who was connected is not known: members were not watched yet."]),
  ];
  return reported.length === 0 ? null : reported.join(" ");
}
