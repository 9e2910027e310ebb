import { storedCause } from "#lib/contracts/group-cause.ts";
import type { GroupEvent } from "#lib/contracts/group-history.ts";
import type { Incident, IncidentRow, IncidentsQuery, IncidentsView, IncidentView } from "#lib/contracts/incidents.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readGroupEvents } from "#lib/store/groups/group-events-read.ts";
import { readGroup, readTopicsOfGroups } from "#lib/store/groups/groups-read.ts";
import {
  readGroupIncidents,
  readIncident,
  readIncidentChanges,
  readIncidents,
  type ChangeColumns,
  type IncidentColumns,
} from "#lib/store/groups/incidents-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { groupEvent } from "./group-events.ts";
import { groupSeries } from "./group-series.ts";
import { decodeKey, encodeKey } from "./page-cursor.ts";
import { stepsBetween } from "./steps.ts";

const CURSOR = /^(\d{4}-\d\d-\d\dT[\d:.]{1,12}Z)\n(\d{1,9})$/;
const POINTS = 120;
const MOST_EVENTS = 500;
const LEAST_AROUND_MS = 5 * 60_000;

/** Latest first. */
export async function listIncidents({ prisma }: QueryDeps, query: IncidentsQuery): Answer<IncidentsView> {
  const key = decodeKey(query.cursor, CURSOR);
  const before = key === null ? null : { openedAt: new Date(key[0] ?? ""), id: Number(key[1]) };
  const found = await readIncidents(prisma, query, before, query.limit + 1);
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  return ok({
    items: shown.map(incidentRow),
    next:
      found.length > query.limit && last !== undefined
        ? encodeKey([last.openedAt.toISOString(), String(last.id)])
        : null,
    total: null,
  });
}

/** One incident with all its changes, and the charts of the group from before it until after it. */
export async function getIncident(deps: QueryDeps, id: number): Answer<IncidentView> {
  const { prisma } = deps;
  const found = await readIncident(prisma, id);
  const group = found === null ? null : await readGroup(prisma, found.cluster, found.group);
  if (found === null || group === null) return err(notFound(`Incident ${id}`));
  const nowMs = deps.now();
  const endMs = found.closedAt?.getTime() ?? nowMs;
  const aroundMs = Math.max(LEAST_AROUND_MS, (endMs - found.openedAt.getTime()) * 0.2);
  const steps = stepsBetween(found.openedAt.getTime() - aroundMs, Math.min(nowMs, endMs + aroundMs), POINTS);
  const [[incident], topics, series, events] = await Promise.all([
    withChanges(deps, [found]),
    readTopicsOfGroups(prisma, [group.id]),
    groupSeries(prisma, group.id, steps),
    readGroupEvents(prisma, group.id, new Date(steps.fromMs), new Date(steps.toMs), MOST_EVENTS),
  ]);
  if (incident === undefined) return err(notFound(`Incident ${id}`));
  return ok({
    incident,
    service: group.service,
    protocol: group.protocol,
    topics: topics.map(({ topic }) => topic),
    stepSeconds: steps.stepMs / 1000,
    series,
    events: events.map(groupEvent),
    moments: momentsOf(incident, events.map(groupEvent)),
    readAt: new Date(nowMs).toISOString(),
  });
}

/** Incidents of one group that began before `toMs`, the latest first, with their changes until then. */
export async function groupIncidents(
  deps: QueryDeps,
  groupId: number,
  toMs: number,
  limit: number,
): Promise<Incident[]> {
  const incidents = await withChanges(deps, await readGroupIncidents(deps.prisma, groupId, new Date(toMs), limit));
  return incidents.map((one) => incidentAt(one, toMs));
}

/** The incident as it was known at a moment, without what came later. */
function incidentAt(incident: Incident, atMs: number): Incident {
  const changes = incident.changes.filter((change) => Date.parse(change.at) <= atMs);
  const last = changes.findLast((change) => change.kind !== "closed");
  return {
    ...incident,
    closedAt: incident.closedAt !== null && Date.parse(incident.closedAt) <= atMs ? incident.closedAt : null,
    changes,
    ...(last !== undefined && { verdict: last.verdict, cause: last.cause, reason: last.reason }),
  };
}

async function withChanges({ prisma }: QueryDeps, rows: readonly IncidentColumns[]): Promise<Incident[]> {
  const changes =
    rows.length === 0
      ? []
      : await readIncidentChanges(
          prisma,
          rows.map(({ id }) => id),
        );
  const changesOf = Map.groupBy(changes, ({ incidentId }) => incidentId);
  return rows.map((row) => ({ ...incidentRow(row), changes: (changesOf.get(row.id) ?? []).map(incidentChange) }));
}

function incidentRow({ groupId: _groupId, ...row }: IncidentColumns): IncidentRow {
  return {
    ...row,
    openedAt: row.openedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    peakLagMessages: String(row.peakLagMessages),
    peakTimeLagMs: row.peakTimeLagMs === null ? null : Number(row.peakTimeLagMs),
  };
}

function incidentChange({ incidentId: _, at, detail, ...change }: ChangeColumns): Incident["changes"][number] {
  return { ...change, at: at.toISOString(), finding: storedCause(detail, null) };
}

const MOMENTS = 12;

/** Its changes, and what happened to the members shortly before it opened. */
function momentsOf(incident: Incident, events: readonly GroupEvent[]): IncidentView["moments"] {
  const openedMs = Date.parse(incident.openedAt);
  const before = events
    .filter(
      ({ at, kind }) =>
        kind !== "rebalance" && Date.parse(at) <= openedMs && Date.parse(at) > openedMs - LEAST_AROUND_MS,
    )
    .slice(-3)
    .map(({ at, text }) => ({ at, text }));
  const changes = incident.changes.map(({ at, kind, reason }) => ({
    at,
    text: kind === "closed" ? "closed" : `${kind}${reason === null ? "" : `: ${reason}`}`,
  }));
  const all = [...before, ...changes];
  return all.length <= MOMENTS ? all : [...all.slice(0, MOMENTS / 2), ...all.slice(-MOMENTS / 2)];
}
