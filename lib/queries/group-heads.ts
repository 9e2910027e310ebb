/** The events that a group's lagging partitions wait at. */
import type { HeadOfLine } from "#lib/contracts/groups.ts";
import { readEventsAt } from "#lib/store/groups/group-read.ts";
import { traceIdOf } from "#lib/store/db/identifiers.ts";
import type { QueryDeps } from "./deps.ts";
import type { GroupSnapshot } from "./group-status.ts";

const HEADS = 20;

/** The event each lagging partition waits at, the longest wait first. */
export async function headsOf(
  { prisma }: QueryDeps,
  partitions: GroupSnapshot["partitions"],
  atMs: number,
): Promise<HeadOfLine[]> {
  const lagging = partitions.flatMap((p) =>
    p.committedOffset !== null && BigInt(p.lagMessages ?? 0) > 0n
      ? [{ ...p, position: BigInt(p.committedOffset) }]
      : [],
  );
  const worst = lagging
    .sort(
      (a, b) =>
        (b.timeLagMs ?? 0) - (a.timeLagMs ?? 0) || Number(BigInt(b.lagMessages ?? 0) - BigInt(a.lagMessages ?? 0)),
    )
    .slice(0, HEADS);
  const events = await readEventsAt(prisma, worst);
  const eventAt = new Map(events.map((event) => [`${event.destinationId}/${event.partition}`, event]));
  return worst.map(({ destinationId, topic, partition, position }): HeadOfLine => {
    const event = eventAt.get(`${destinationId}/${partition}`);
    return {
      topic,
      partition,
      offset: String(event?.position ?? position),
      occurredAt: event?.occurredAt.toISOString() ?? null,
      type: event?.type ?? null,
      key: event?.key ?? null,
      traceId: event?.traceId ? traceIdOf(event.traceId) : null,
      waitingMs: event === undefined ? null : Math.max(0, atMs - event.occurredAt.getTime()),
    };
  });
}
