import { hasWaiting, type GroupSituation, type PartitionSituation } from "./situation.ts";

/** No shorter standstill means anything. */
export const STILL_MS = 25_000;
/** Somebody who usually takes his time is given so many times that. */
const USUAL_TIMES = 3;
/** What happens so long after a partition stood still was not done in the same stroke. */
const LATER_MS = 15_000;

/**
 * Since when a partition stands still although events wait that may be read; null when it does not, or not for long
 * enough to say so.
 */
function stillSince(at: PartitionSituation, situation: GroupSituation): number | null {
  if (
    at.committedOffset === null ||
    at.movedAtMs === null ||
    !isReadable(at) ||
    !hasWaiting(at, situation.allowedLagMessages)
  )
    return null;
  const since = Math.max(at.movedAtMs, situation.nowMs - (at.timeLagMs ?? 0), situation.knownSinceMs);
  return situation.nowMs - since >= patienceMs(at) ? since : null;
}

/** How long nothing may happen on a partition before it means something. */
function patienceMs(at: PartitionSituation): number {
  return Math.max(STILL_MS, USUAL_TIMES * (at.commitEveryMs ?? 0));
}

/** Whether it is the reader's own doing when a partition is not read. */
export function isReadable(at: PartitionSituation): boolean {
  return at.hasLeader && !at.waitsForTransaction;
}

/** Who has moved on within this is at work. */
const LATELY_MS = 12_000;

/**
 * Of partitions with events that wait those whose reader is at work, on them or on the backlog of another: what is too
 * slow, not what may stand still.
 */
export function workedOn(lagging: readonly PartitionSituation[], nowMs: number): PartitionSituation[] {
  const isMoving = (at: PartitionSituation) =>
    at.movedAtMs !== null && nowMs - at.movedAtMs < Math.max(LATELY_MS, 2 * (at.commitEveryMs ?? 0));
  const atWork = new Set(lagging.filter((at) => at.memberId !== null && isMoving(at)).map((at) => at.memberId));
  return lagging.filter((at) => isMoving(at) || atWork.has(at.memberId));
}

export interface Standstill {
  /** null: not known whose they are */
  readonly memberId: string | null;
  /** the longest queue first */
  readonly still: readonly { readonly at: PartitionSituation; readonly sinceMs: number }[];
  readonly others: readonly PartitionSituation[];
  /** something of the others moved long after the first of these stood still */
  readonly othersMove: boolean;
  /**
   * There is nothing to do on the others, or there was not since these stand still. Many readers work off one
   * partition's backlog before they turn to the next: a partition is only passed over when its reader had time for it.
   */
  readonly othersDone: boolean;
}

/**
 * What stands still, by the member whose partitions they are; all together where that is not known. Members without
 * any are left out.
 */
export function standstills(situation: GroupSituation): Standstill[] {
  const found: Standstill[] = [];
  for (const [memberId, own] of Map.groupBy(situation.partitions, (at) => at.memberId)) {
    const still = own.flatMap((at) => {
      const sinceMs = stillSince(at, situation);
      return sinceMs === null ? [] : [{ at, sinceMs }];
    });
    if (still.length === 0) continue;
    still.sort((a, b) =>
      b.at.lagMessages > a.at.lagMessages
        ? 1
        : b.at.lagMessages < a.at.lagMessages
          ? -1
          : a.at.partition - b.at.partition,
    );
    const laterMs = still.reduce((first, { sinceMs }) => Math.min(first, sinceMs), Infinity) + LATER_MS;
    const standing = new Set(still.map(({ at }) => at));
    const others = own.filter((at) => !standing.has(at));
    found.push({
      memberId,
      still,
      others,
      othersMove: others.some((at) => (at.movedAtMs ?? 0) >= laterMs),
      othersDone: others.every(
        (at) => at.lagMessages <= situation.allowedLagMessages || !isReadable(at) || (at.caughtUpAtMs ?? 0) >= laterMs,
      ),
    });
  }
  return found.sort((a, b) => b.still.length - a.still.length);
}

/**
 * Whether the same offset was committed again long after it was reached: who does that lives and reads, but does
 * not get past it.
 */
export function commitsAgain(at: PartitionSituation): boolean {
  return at.committedAtMs !== null && at.movedAtMs !== null && at.committedAtMs - at.movedAtMs >= LATER_MS;
}
