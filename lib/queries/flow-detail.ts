import type { FlowDetailQuery, FlowDetailView } from "#lib/contracts/flow.ts";
import { err, ok } from "#lib/domain/result.ts";
import { eventRow, readLastEvents, type RecentOf } from "#lib/store/events/recent-read.ts";
import { readSeries, type SeriesOf } from "#lib/store/flow/series-read.ts";
import {
  destinationId,
  destinationsReadBy,
  destinationsWrittenBy,
  groupId,
  serviceId,
} from "#lib/store/search/ids-of-names.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { fillSteps, lastMinutes, spanOf } from "./steps.ts";

const POINTS = 90;
const LAST_EVENTS = 12;

/** Details of one node or edge: its throughput over time and its last events. */
export async function getFlowDetail(deps: QueryDeps, query: FlowDetailQuery): Answer<FlowDetailView> {
  const found = await resolve(deps, query.id);
  if (found === null) return err(notFound(query.id));
  const steps = lastMinutes(query.minutes, query.at, deps.now(), POINTS);
  const [rows, events] = await Promise.all([
    readSeries(deps.prisma, found.series, spanOf(steps)),
    readLastEvents(deps.prisma, found.recent, new Date(steps.toMs), LAST_EVENTS),
  ]);
  return ok({
    id: query.id,
    series: fillSteps(steps, rows, (at, row) => ({
      at,
      events: row?.events ?? 0,
      errors: row?.errors ?? 0,
      lagMessages: row?.lagMessages ?? null,
    })),
    lastEvents: events
      .map(eventRow)
      .map(({ cluster, topic, partition, offset, occurredAt, type, service, key, traceId }) => ({
        cluster,
        topic,
        partition,
        offset,
        occurredAt,
        type,
        service,
        key,
        traceId,
      })),
  });
}

/**
 * Looks up what an id stands for. Node ids are `s:<service>`, `t:<cluster>/<topic>`, `g:<cluster>/<group>`; edge ids
 * are `<kind>|<from>|<to>` and, for causes, `|<via>`. Names of services and groups may contain a bar, topics may not.
 */
async function resolve({ prisma }: QueryDeps, id: string): Promise<{ series: SeriesOf; recent: RecentOf } | null> {
  const edge =
    /^(publish)\|s:(.*)\|t:([^|]*)$|^(consume)\|t:([^|]*)\|g:(.*)$|^(cause)\|t:([^|]*)\|t:([^|]*)\|(?:g:(.*))?$/s.exec(
      id,
    );
  if (edge?.[1] !== undefined) {
    const [service, topic] = await Promise.all([serviceId(prisma, edge[2] ?? ""), topicOf(prisma, edge[3] ?? "")]);
    if (service === null || topic === null) return null;
    return {
      series: { kind: "publish", serviceId: service, destinationId: topic },
      recent: { destinationIds: [topic], serviceId: service },
    };
  }
  if (edge?.[4] !== undefined) {
    const [topic, group] = await Promise.all([topicOf(prisma, edge[5] ?? ""), groupOf(prisma, edge[6] ?? "")]);
    if (topic === null || group === null) return null;
    return {
      series: { kind: "consume", groupId: group, destinationId: topic },
      recent: { destinationIds: [topic], serviceId: null },
    };
  }
  if (edge?.[7] !== undefined) {
    const [from, to, via] = await Promise.all([
      topicOf(prisma, edge[8] ?? ""),
      topicOf(prisma, edge[9] ?? ""),
      edge[10] === undefined ? null : groupOf(prisma, edge[10]),
    ]);
    if (from === null || to === null) return null;
    return {
      series: { kind: "cause", fromDestinationId: from, toDestinationId: to, groupId: via },
      recent: { destinationIds: [to], serviceId: null },
    };
  }
  if (id.startsWith("s:")) {
    const service = await serviceId(prisma, id.slice(2));
    return service === null
      ? null
      : {
          series: { kind: "service", serviceId: service },
          recent: { destinationIds: await destinationsWrittenBy(prisma, service), serviceId: service },
        };
  }
  if (id.startsWith("t:")) {
    const topic = await topicOf(prisma, id.slice(2));
    return topic === null
      ? null
      : { series: { kind: "topic", destinationId: topic }, recent: { destinationIds: [topic], serviceId: null } };
  }
  const group = id.startsWith("g:") ? await groupOf(prisma, id.slice(2)) : null;
  return group === null
    ? null
    : {
        series: { kind: "group", groupId: group },
        recent: { destinationIds: await destinationsReadBy(prisma, group), serviceId: null },
      };
}

const topicOf = (prisma: QueryDeps["prisma"], path: string) =>
  named(path, (cluster, topic) => destinationId(prisma, cluster, topic));
const groupOf = (prisma: QueryDeps["prisma"], path: string) =>
  named(path, (cluster, group) => groupId(prisma, cluster, group));

/** The name is what follows the first slash: cluster names contain none. */
async function named(
  path: string,
  find: (cluster: string, name: string) => Promise<number | null>,
): Promise<number | null> {
  const slash = path.indexOf("/");
  return slash < 1 ? null : find(path.slice(0, slash), path.slice(slash + 1));
}
