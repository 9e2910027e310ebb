import type { GroupEvaluation } from "#lib/store/groups/group-evaluations-write.ts";
import type { LagPoint } from "#lib/store/groups/lag-points-write.ts";
import { repeatAfterMs } from "./is-unchanged.ts";

/** An unchanged group's evaluated_at may be this old. */
const REPEAT_UNCHANGED_AFTER_MS = 15_000;
const BUCKET_MS = 10_000;

/** What was last written of groups, so that only changed rows are written again. */
export class ChangedRows {
  readonly #groups = new Map<number, { readonly signature: string; readonly atMs: number }>();
  #points = new Map<string, string>();

  /** The evaluations to write; they count as written from now on. */
  changed(evaluations: readonly GroupEvaluation[], nowMs: number): GroupEvaluation[] {
    return evaluations.filter((evaluation) => {
      const signature = signatureOf(evaluation);
      const before = this.#groups.get(evaluation.groupId);
      const repeatMs = Math.min(REPEAT_UNCHANGED_AFTER_MS, repeatAfterMs(evaluation));
      if (before?.signature === signature && nowMs - before.atMs < repeatMs) return false;
      this.#groups.set(evaluation.groupId, { signature, atMs: nowMs });
      return true;
    });
  }

  /** Charts are made of buckets: each has its point, and a later one of the same bucket only where it differs. */
  changedPoints(points: readonly LagPoint[], nowMs: number): LagPoint[] {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const kept = new Map<string, string>();
    const changed = points.filter(({ groupId, destinationId, lagMessages, memberCount, verdict }) => {
      const key = `${groupId}/${destinationId}`;
      const signature = `${bucket} ${lagMessages} ${memberCount} ${verdict}`;
      kept.set(key, signature);
      return this.#points.get(key) !== signature;
    });
    this.#points = kept;
    return changed;
  }

  forgetOthers(groups: ReadonlyMap<number, unknown>): void {
    for (const groupId of this.#groups.keys()) if (!groups.has(groupId)) this.#groups.delete(groupId);
  }
}

/** Equal signatures: nothing that a reader would notice has changed. */
function signatureOf(evaluation: GroupEvaluation): string {
  const { verdict, verdictSinceMs, evidence, severity, lagMessages, lostMessages, finding, causeSinceMs } = evaluation;
  const timeLag = `${evaluation.timeLagIsFloor} ${evaluation.timeLagMs === 0}`;
  const cause = `${finding?.cause ?? ""} ${causeSinceMs}`;
  return `${verdict} ${verdictSinceMs} ${evidence} ${severity} ${lagMessages} ${timeLag} ${lostMessages} ${cause}`;
}
