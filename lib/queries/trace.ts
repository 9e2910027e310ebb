import type { TraceView } from "#lib/contracts/traces.ts";
import { assembleTrace } from "#lib/domain/correlation/assemble.ts";
import { indexReadings } from "#lib/domain/correlation/readings.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { EVENT_FLAG, hasFlag, traceOriginOf } from "#lib/domain/message/flags.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readTraceEvents, type TraceEventColumns } from "#lib/store/events/events-read.ts";
import { eventRow } from "#lib/store/events/recent-read.ts";
import { readDeadLettersOfEvents, readFates, readReadings } from "#lib/store/events/fates-read.ts";
import { traceIdOf, uuidOf } from "#lib/store/db/identifiers.ts";
import { readJoinedTraces } from "#lib/store/events/traces-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { fatesOf } from "./fates.ts";

/** More events than this are no picture; the first of them are shown, and that there are more. */
const MOST_EVENTS = 1000;
/** How far an event may be stored before the flow it belongs to began, by the clocks of two machines. */
const CLOCK_SKEW_MS = 5 * 60_000;

const COPIES = [EVENT_FLAG.deadLetter, EVENT_FLAG.retryHop, EVENT_FLAG.replayed] as const;

const placeOf = (destinationId: number, partition: number, position: bigint) =>
  `${destinationId}/${partition}/${position}`;

/**
 * One correlated flow: its events, what caused what, and what became of each event in every group. Takes a
 * conversation's id too.
 */
export async function getTrace(deps: QueryDeps, traceId: string): Answer<TraceView> {
  const { prisma } = deps;
  const joined = await readJoinedTraces(prisma, uuidOf(traceId));
  const since = new Date((joined.firstAt?.getTime() ?? CLOCK_SKEW_MS) - CLOCK_SKEW_MS);
  const found = await readTraceEvents(prisma, [joined.traceUuid, ...joined.aliasUuids], since, MOST_EVENTS + 1);
  const events = found.slice(0, MOST_EVENTS);
  const [first] = events;
  if (first === undefined) return err(notFound(`The trace ${traceId}`));
  const [readers, deadLetters, readings] = await Promise.all([
    readFates(prisma, events),
    readDeadLettersOfEvents(prisma, events),
    readReadings(prisma, [...new Set(events.map((event) => event.destinationId))]),
  ]);

  const fates = fatesOf(events, readers, deadLetters);
  const idAt = new Map(
    events.map((event) => [placeOf(event.destinationId, event.partition, event.position), idOf(event)]),
  );
  const groupName = new Map(readings.map((reading) => [reading.groupId, reading.group]));
  for (const letter of deadLetters)
    if (letter.groupId !== null && letter.group !== null) groupName.set(letter.groupId, letter.group);
  const { causes } = assembleTrace(
    events.map((event, i) => {
      const letter = deadLetters.find((one) => one.place === i && one.itself && !one.isErrorEvent);
      return {
        id: idOf(event),
        destinationId: event.destinationId,
        occurredAtMs: event.occurredAt.getTime(),
        serviceId: event.serviceId,
        typeId: event.typeId,
        carriedTrace: traceOriginOf(event.flags) === "conversation" ? null : event.traceId,
        spanId: event.spanId,
        parentSpanId: event.parentSpanId,
        messageRef: event.messageRef,
        causeRef: event.causeRef,
        isCopy: COPIES.some((flag) => hasFlag(event.flags, flag)),
        copyOf:
          letter === undefined
            ? undefined
            : idAt.get(
                placeOf(
                  letter.originalDestinationId ?? -1,
                  letter.originalPartition ?? -1,
                  letter.originalPosition ?? -1n,
                ),
              ),
        failedGroupId: letter?.groupId ?? undefined,
      };
    }),
    indexReadings(readings),
  );
  return ok({
    traceId: traceIdOf(joined.traceUuid),
    aliases: joined.aliasUuids.map(traceIdOf),
    firstAt: first.occurredAt.toISOString(),
    lastAt: new Date(Math.max(...events.map((event) => event.occurredAt.getTime()))).toISOString(),
    events: events.map((event, i) => ({
      ...eventRow(event),
      id: idOf(event),
      fates: fates[i] ?? [],
      failureFingerprint: deadLetters.find((letter) => letter.place === i)?.fingerprint ?? null,
    })),
    causes: causes.map(({ fromId, toId, groupId, knownBy, confidence, latencyMs }) => ({
      from: fromId,
      to: toId,
      group: groupId === null ? null : (groupName.get(groupId) ?? null),
      knownBy,
      confidence,
      latencyMs,
    })),
    truncated: found.length > MOST_EVENTS,
  });
}

const idOf = (event: TraceEventColumns) => eventIdOf({ ...event, offset: event.position });
