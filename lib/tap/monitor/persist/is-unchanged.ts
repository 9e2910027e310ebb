/** Which evaluations need not be written again. */
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";

/**
 * Ages and rates change all the time, so what is stored of them may be this old. What has waited for hours is not much
 * older a minute later.
 */
const REPEAT_AFTER_MS = { busy: 8000, longWaiting: 60_000, idle: 600_000 } as const;
const DRIFT = 0.02;

type Movement = Pick<PartitionEvaluation, "lagMessages" | "inRate" | "outRate">;

/** Nothing waits, nothing is written and nothing consumed. */
export const isIdle = (one: Movement): boolean => one.lagMessages === 0n && one.inRate === 0 && one.outRate === 0;

export const repeatAfterMs = (one: Movement & Pick<PartitionEvaluation, "timeLagMs">): number =>
  isIdle(one)
    ? REPEAT_AFTER_MS.idle
    : Math.min(REPEAT_AFTER_MS.longWaiting, Math.max(REPEAT_AFTER_MS.busy, DRIFT * (one.timeLagMs ?? 0)));

export function isUnchanged(a: PartitionEvaluation, b: PartitionEvaluation): boolean {
  return (
    a.lagMessages === b.lagMessages &&
    a.verdict === b.verdict &&
    a.evidence === b.evidence &&
    a.flag === b.flag &&
    a.lostMessages === b.lostMessages &&
    a.timeLagIsFloor === b.timeLagIsFloor &&
    (a.timeLagMs === 0) === (b.timeLagMs === 0) &&
    (a.catchUpSeconds === null) === (b.catchUpSeconds === null) &&
    isIdle(a) === isIdle(b)
  );
}
