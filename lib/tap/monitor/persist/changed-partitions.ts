import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import { CompactPartitionState } from "../state/compact-partition-state.ts";
import type { PartitionStates } from "../state/partition-states.ts";
import { isUnchanged, repeatAfterMs } from "./is-unchanged.ts";

/**
 * How many idle group partitions have their evaluation written in one cycle at most; the others follow in the next
 * cycles. After a start there may be hundreds of thousands.
 */
const IDLE_PER_CYCLE = 12_500;

/** Which evaluations of one cycle are to be written: those that changed, or were not written for a while. */
export class ChangedPartitions {
  readonly #states: PartitionStates;
  readonly #nowMs: number;
  #idle = 0;

  constructor(states: PartitionStates, nowMs: number) {
    this.#states = states;
    this.#nowMs = nowMs;
  }

  /** The evaluations to write; they count as written from now on. */
  of(evaluations: readonly PartitionEvaluation[]): PartitionEvaluation[] {
    return evaluations.filter((evaluation) => {
      const state = this.#states.of(evaluation);
      if (state === undefined) return false;
      const isCompact = state instanceof CompactPartitionState;
      const writtenAtMs = isCompact
        ? state.writtenAtMs
        : state.written !== null && isUnchanged(state.written.evaluation, evaluation)
          ? state.written.atMs
          : null;
      if (writtenAtMs !== null && this.#nowMs - writtenAtMs < repeatAfterMs(evaluation)) return false;
      if (!isCompact) state.written = { evaluation, atMs: this.#nowMs };
      else if (this.#idle++ >= IDLE_PER_CYCLE) return false;
      else state.setWritten(this.#nowMs);
      return true;
    });
  }
}
