/** What was last written of groups, so that only what says something new is written again. */
import type { GroupEvaluation, LagPoint } from "#lib/store/groups/evaluations-write.ts";
import { repeatAfterMs } from "./is-unchanged.ts";

/** evaluated_at of a group of which there is nothing new may be so old. */
const REPEAT_QUIET_AFTER_MS = 15_000;
const BUCKET_MS = 10_000;

export class ChangedRows {
  #groups = new Map<number, { readonly said: string; readonly atMs: number }>();
  #points = new Map<string, string>();

  changed(judgements: readonly GroupEvaluation[], nowMs: number): GroupEvaluation[] {
    return judgements.filter((one) => {
      const said = `${one.verdict} ${one.verdictSinceMs} ${one.evidence} ${one.severity} ${one.lagMessages} ${one.timeLagIsFloor} ${one.timeLagMs === 0} ${one.lostMessages} ${one.finding?.cause ?? ""} ${one.causeSinceMs}`;
      const before = this.#groups.get(one.groupId);
      if (before?.said === said && nowMs - before.atMs < Math.min(REPEAT_QUIET_AFTER_MS, repeatAfterMs(one)))
        return false;
      this.#groups.set(one.groupId, { said, atMs: nowMs });
      return true;
    });
  }

  /**
   * Charts are made of buckets: each has its point, and a later one of the same bucket only where it says
   * something else.
   */
  changedPoints(points: readonly LagPoint[], nowMs: number): LagPoint[] {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const kept = new Map<string, string>();
    const changed = points.filter((one) => {
      const key = `${one.groupId}/${one.destinationId}`;
      const said = `${bucket} ${one.lagMessages} ${one.memberCount} ${one.verdict}`;
      kept.set(key, said);
      return this.#points.get(key) !== said;
    });
    this.#points = kept;
    return changed;
  }

  forgetOthers(groups: ReadonlyMap<number, unknown>): void {
    for (const groupId of this.#groups.keys()) if (!groups.has(groupId)) this.#groups.delete(groupId);
  }
}
