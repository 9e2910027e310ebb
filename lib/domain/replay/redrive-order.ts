/** The order in which a redrive sends events: as they were first published. */
import { compare } from "../text/compare.ts";
import type { EventToReplay } from "./event-to-replay.ts";

/**
 * Where it was first published. Two groups may each have given up on the same event; sent twice, both
 * would get it twice.
 */
export function originOf({ originalTopic, originalPartition, originalOffset }: EventToReplay): string | null {
  return originalTopic === null || originalPartition === null || originalOffset === null
    ? null
    : `${originalTopic}/${originalPartition}/${originalOffset}`;
}

/** Clocks of producers differ: within a partition no event counts as earlier than the one before it. */
export function inOrder(events: readonly EventToReplay[], byTime: boolean): EventToReplay[] {
  const byOrigin = events.toSorted(byFirstPublished);
  if (!byTime) return byOrigin;
  const latest = new Map<string, number>();
  const timed = byOrigin.map((event) => {
    const partition =
      originOf(event) === null
        ? `source/${event.sourceTopic}/${event.sourcePartition}`
        : `${event.originalTopic}/${event.originalPartition}`;
    const atMs = Math.max(event.publishedAtMs, latest.get(partition) ?? event.publishedAtMs);
    latest.set(partition, atMs);
    return { event, atMs };
  });
  return timed.sort((a, b) => a.atMs - b.atMs).map(({ event }) => event);
}

function byFirstPublished(a: EventToReplay, b: EventToReplay): number {
  const known = (event: EventToReplay): boolean => originOf(event) !== null;
  if (known(a) && known(b)) {
    return (
      compare(a.originalTopic ?? "", b.originalTopic ?? "") ||
      compare(a.originalPartition ?? 0, b.originalPartition ?? 0) ||
      compare(a.originalOffset ?? 0n, b.originalOffset ?? 0n) ||
      compare(a.failureId ?? 0n, b.failureId ?? 0n)
    );
  }
  if (known(a) !== known(b)) return known(a) ? -1 : 1;
  return (
    compare(a.sourceTopic, b.sourceTopic) ||
    compare(a.sourcePartition, b.sourcePartition) ||
    compare(a.sourceOffset, b.sourceOffset)
  );
}
