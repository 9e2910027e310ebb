import { hasWaiting, type GroupSituation, type PartitionSituation } from "./situation.ts";

/** A shorter standstill is normal. */
export const STILL_MS = 25_000;
/** A consumer that usually commits seldom is given this many of its usual intervals. */
const USUAL_INTERVALS = 3;
/** A commit this long after a partition came to a standstill was made later, not in the same round of commits. */
const LATER_MS = 15_000;

/** Since when a partition stands still although events wait that may be read; null: it does not, or not long enough. */
function stillSince(at: PartitionSituation, situation: GroupSituation): number | null {
  if (
    at.committedOffset === null ||
    at.movedAtMs === null ||
    !isReadable(at) ||
    !hasWaiting(at, situation.allowedLagMessages)
  )
    return null;
  const since = Math.max(
    at.movedAtMs,
    situation.nowMs - (at.timeLagMs ?? 0),
    situation.knownSinceMs,
    // What a transaction has held back until now may be nothing: its records may have been rolled back.
    at.heldAtMs ?? 0,
  );
  return situation.nowMs - since >= patienceMs(at) ? since : null;
}

/** How long a partition may stand still before that means something. */
function patienceMs(at: PartitionSituation): number {
  return Math.max(STILL_MS, USUAL_INTERVALS * (at.commitEveryMs ?? 0), at.slowestCommitMs ?? 0);
}

/** Whether the consumer could read the partition: it has a leader, and no open transaction holds back what waits. */
export function isReadable(at: PartitionSituation): boolean {
  return at.hasLeader && !at.waitsForTransaction;
}

/** A consumer that has committed progress within this time is at work. */
const RECENT_MS = 12_000;

/**
 * Of the partitions where events wait, those whose consumer is at work, on them or on the backlog of another partition:
 * it is too slow rather than stuck.
 */
export function workedOn(lagging: readonly PartitionSituation[], nowMs: number): PartitionSituation[] {
  const atWork = new Set(lagging.filter((at) => at.memberId !== null && isMoving(at, nowMs)).map((at) => at.memberId));
  return lagging.filter((at) => isMoving(at, nowMs) || atWork.has(at.memberId));
}

const isMoving = (at: PartitionSituation, nowMs: number): boolean =>
  at.movedAtMs !== null && nowMs - at.movedAtMs < Math.max(RECENT_MS, 2 * (at.commitEveryMs ?? 0));

/**
 * Of the partitions that are judged `stopped` those whose consumer is at work: one that commits every minute or two, or
 * that has worked off the backlog of another partition ever since, is too slow.
 */
export function slowNotStopped(
  partitions: readonly PartitionSituation[],
  { allowedLagMessages, nowMs }: Pick<GroupSituation, "allowedLagMessages" | "nowMs">,
): PartitionSituation[] {
  const busySinceMs = new Map<string, number>();
  for (const at of partitions)
    if (at.memberId !== null && at.lagMessages > allowedLagMessages && isMoving(at, nowMs)) {
      const sinceMs = at.caughtUpAtMs ?? 0;
      busySinceMs.set(at.memberId, Math.min(busySinceMs.get(at.memberId) ?? sinceMs, sinceMs));
    }
  return partitions.filter(({ verdict, memberId, movedAtMs }) => {
    const sinceMs = memberId === null ? undefined : busySinceMs.get(memberId);
    return verdict === "stopped" && sinceMs !== undefined && sinceMs <= (movedAtMs ?? 0) + LATER_MS;
  });
}

export interface Standstill {
  /** null: the member is not known */
  readonly memberId: string | null;
  /** the partitions that stand still, the longest queue first */
  readonly still: readonly { readonly at: PartitionSituation; readonly sinceMs: number }[];
  /** the other partitions of the same member */
  readonly others: readonly PartitionSituation[];
  /** one of the others moved long after the first standstill began */
  readonly othersMove: boolean;
  /**
   * Nothing waits on the others, or they had caught up after the standstill began. Many consumers work off the backlog
   * of one partition before they read the next, so a partition counts as stuck only if its consumer had time for it.
   */
  readonly othersDone: boolean;
}

/** The partitions that stand still, by member; those whose member is not known count as one. */
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
    const stillOnes = new Set(still.map(({ at }) => at));
    const others = own.filter((at) => !stillOnes.has(at));
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

/** Whether an offset was committed again long after it was reached: the consumer runs, but does not get past it. */
export function commitsAgain(at: PartitionSituation): boolean {
  return at.committedAtMs !== null && at.movedAtMs !== null && at.committedAtMs - at.movedAtMs >= LATER_MS;
}
