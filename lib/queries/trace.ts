import type { TraceQuery, TraceView } from "#lib/contracts/traces.ts";
import { assembleTrace } from "#lib/domain/correlation/assemble.ts";
import type { CausePriors } from "#lib/domain/correlation/infer.ts";
import { indexSubscriptions } from "#lib/domain/correlation/subscriptions.ts";
import type { CauseKind } from "#lib/domain/correlation/trace.ts";
import { eventIdOf, parseEventId } from "#lib/domain/message/event-id.ts";
import { EVENT_FLAG, hasFlag, traceOriginOf } from "#lib/domain/message/flags.ts";
import { undeclaredIn } from "#lib/domain/publisher/undeclared.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readCauseKinds } from "#lib/store/flow/cause-kinds-read.ts";
import { readTraceEvents, type TraceEventColumns } from "#lib/store/events/events-read.ts";
import { eventRow } from "#lib/store/events/recent-read.ts";
import { readDeadLettersOfEvents, readFates, readSubscriptions } from "#lib/store/events/fates-read.ts";
import { traceIdOf, uuidOf } from "#lib/store/db/identifiers.ts";
import { readJoinedTraces } from "#lib/store/events/traces-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { fatesOf } from "./fates.ts";

/** The most events of a trace that are returned; `truncated` says if there are more. */
const MAX_EVENTS = 1000;
/** How much earlier than the first event of its trace an event may be stored, because clocks differ. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** How far from a trace the causes of its kinds are looked for. */
const FOUND_WITHIN_MS = 3_600_000;

const COPIES = [EVENT_FLAG.deadLetter, EVENT_FLAG.retryHop, EVENT_FLAG.replayed] as const;

const positionKey = (destinationId: number, partition: number, position: bigint) =>
  `${destinationId}/${partition}/${position}`;

/** One trace: its events, their causes, and the fate of each event in every group. Also accepts a conversation's id. */
export async function getTrace(deps: QueryDeps, traceId: string, { around }: TraceQuery): Answer<TraceView> {
  const { prisma } = deps;
  const joined = await readJoinedTraces(prisma, uuidOf(traceId));
  const since = new Date((joined.firstAt?.getTime() ?? CLOCK_SKEW_MS) - CLOCK_SKEW_MS);
  const found = await readTraceEvents(prisma, [joined.traceUuid, ...joined.aliasUuids], {
    since,
    around: parseEventId(around ?? ""),
    limit: MAX_EVENTS + 1,
  });
  const events = found.slice(0, MAX_EVENTS);
  // The summary also counts what retention has deleted since: it tells of more only where there may be more.
  const isTruncated =
    found.length > MAX_EVENTS ||
    (around !== undefined && found.length >= MAX_EVENTS / 2 && joined.events > found.length);
  const [first] = events;
  if (first === undefined) return err(notFound(`The trace ${traceId}`));
  const [readers, deadLetters, subscriptions] = await Promise.all([
    readFates(prisma, events),
    readDeadLettersOfEvents(prisma, events),
    readSubscriptions(prisma, [...new Set(events.map((event) => event.destinationId))]),
  ]);

  const fates = fatesOf(events, readers, deadLetters);
  const idAt = new Map(
    events.map((event) => [positionKey(event.destinationId, event.partition, event.position), idOf(event)]),
  );
  const groupName = new Map(subscriptions.map(({ groupId, group }) => [groupId, group]));
  for (const deadLetter of deadLetters)
    if (deadLetter.groupId !== null && deadLetter.group !== null) groupName.set(deadLetter.groupId, deadLetter.group);
  const assembled = events.map((event, i) => {
    const deadLetter = deadLetters.find((one) => one.eventIndex === i && one.itself && !one.isErrorEvent);
    const isCopy = COPIES.some((flag) => hasFlag(event.flags, flag));
    return {
      id: idOf(event),
      destinationId: event.destinationId,
      occurredAtMs: event.occurredAt.getTime(),
      serviceId: event.serviceId,
      typeId: event.typeId,
      key: event.key,
      ownTrace: traceOriginOf(event.flags) === "conversation" ? null : event.traceId,
      spanId: event.spanId,
      parentSpanId: event.parentSpanId,
      messageRef: event.messageRef,
      causeRef: event.causeRef,
      isCopy,
      publisherGroupId: isCopy ? undefined : (event.publisherGroupId ?? undefined),
      copyOf:
        deadLetter === undefined
          ? undefined
          : idAt.get(
              positionKey(
                deadLetter.originalDestinationId ?? -1,
                deadLetter.originalPartition ?? -1,
                deadLetter.originalPosition ?? -1n,
              ),
            ),
      failedGroupId: deadLetter?.groupId ?? undefined,
    };
  });
  const { causes } = assembleTrace(assembled, indexSubscriptions(subscriptions), await priorsFound(prisma, events));
  const undeclared = undeclaredIn(assembled, causes, subscriptions);
  const topicOf = (destinationId: number) => events.find((event) => event.destinationId === destinationId)?.topic ?? "";
  return ok({
    traceId: traceIdOf(joined.traceUuid),
    aliases: joined.aliasUuids.map(traceIdOf),
    firstAt: first.occurredAt.toISOString(),
    lastAt: new Date(Math.max(...events.map((event) => event.occurredAt.getTime()))).toISOString(),
    events: events.map((event, i) => ({
      ...eventRow(event),
      id: idOf(event),
      fates: fates[i] ?? [],
      failureFingerprint: deadLetters.find((deadLetter) => deadLetter.eventIndex === i)?.fingerprint ?? null,
    })),
    causes: causes.map(({ fromId, toId, groupId, knownBy, confidence, latencyMs }) => ({
      from: fromId,
      to: toId,
      group: groupId === null ? null : (groupName.get(groupId) ?? null),
      knownBy,
      confidence,
      latencyMs,
    })),
    total: isTruncated ? Math.max(joined.events, found.length) : events.length,
    truncated: isTruncated,
    undeclared: { topics: [...new Set(undeclared.destinationIds.map(topicOf))].sort(), groups: [...undeclared.groups] },
  });
}

/**
 * The kinds of causes that the correlator found around the time of these events, of the groups that only producers
 * tell: there it goes by what it has observed.
 */
async function priorsFound(
  prisma: QueryDeps["prisma"],
  events: readonly TraceEventColumns[],
): Promise<CausePriors | undefined> {
  const [first, last] = [events[0], events.at(-1)];
  const groups = new Set(events.map(({ publisherGroupId }) => publisherGroupId).filter((id) => id !== null));
  if (first === undefined || last === undefined || groups.size === 0) return undefined;
  const kinds = await readCauseKinds(
    prisma,
    [...new Set(events.map(({ destinationId }) => destinationId))],
    new Date(first.occurredAt.getTime() - FOUND_WITHIN_MS),
    new Date(last.occurredAt.getTime() + FOUND_WITHIN_MS),
  );
  const own = kinds.filter(({ groupId }) => groupId !== null && groups.has(groupId));
  const found = new Map(own.map((kind) => [keyOfKind(kind), kind.events]));
  return (kind) => found.get(keyOfKind(kind)) ?? 0;
}

const keyOfKind = (kind: CauseKind): string =>
  `${kind.fromDestinationId} ${kind.fromTypeId} ${kind.groupId} ${kind.toDestinationId} ${kind.toTypeId}`;

const idOf = (event: TraceEventColumns) => eventIdOf({ ...event, offset: event.position });
