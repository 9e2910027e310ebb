import type { FlowDetailQuery, FlowDetailView } from "#lib/contracts/flow-detail.ts";
import { err, ok } from "#lib/domain/result.ts";
import { eventRow, readLastEvents } from "#lib/store/events/recent-read.ts";
import { readSeries } from "#lib/store/flow/series-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { resolveFlowId } from "./flow-id.ts";
import { fillSteps, lastMinutes, spanOf } from "./steps.ts";

const POINTS = 90;
const LAST_EVENTS = 12;

/** Details of one node or edge: its throughput over time and its last events. */
export async function getFlowDetail(deps: QueryDeps, query: FlowDetailQuery): Answer<FlowDetailView> {
  const found = await resolveFlowId(deps.prisma, query.id);
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
