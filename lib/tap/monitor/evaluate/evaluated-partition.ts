import type { PartitionSituation } from "#lib/domain/health/log/situation.ts";
import type { PartitionEvaluation } from "#lib/store/groups/evaluations-write.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { LogFacts } from "../state/log-ends.ts";
import { commitEveryMs, type PartitionState } from "../state/partition-state.ts";

/** What was found out of one group on one partition at one look. */
export interface Waiting {
  readonly lagMessages: bigint;
  readonly lostMessages: bigint;
  readonly waitsForTransaction: boolean;
  readonly timeLagMs: number;
}

/**
 * One group on one partition as it stands. There are many, and only of those with trouble the whole
 * situation is wanted.
 */
export class EvaluatedPartition {
  readonly topic: string;
  /** null: it has never committed there */
  readonly evaluation: PartitionEvaluation | null;
  readonly row: PartitionStateRow;
  readonly waiting: Waiting;
  readonly facts: LogFacts;
  readonly #hasJumped: boolean;
  readonly #stateOf: () => PartitionState;

  constructor(
    topic: string,
    row: PartitionStateRow,
    judgement: PartitionEvaluation | null,
    waiting: Waiting,
    facts: LogFacts,
    hasJumped: boolean,
    remembered: () => PartitionState,
  ) {
    this.topic = topic;
    this.row = row;
    this.evaluation = judgement;
    this.waiting = waiting;
    this.facts = facts;
    this.#hasJumped = hasJumped;
    this.#stateOf = remembered;
  }

  /** Nothing waits, nothing was lost, nothing jumped, and it could be read. */
  isQuiet(allowedLagMessages: bigint): boolean {
    return (
      this.waiting.lagMessages <= allowedLagMessages &&
      this.waiting.lostMessages === 0n &&
      this.facts.hasLeader &&
      !this.#hasJumped
    );
  }

  /** As it is now: what it remembers goes on changing. */
  situation(): PartitionSituation {
    const { partition, committedOffset, committedAtMs, movedAtMs, memberId } = this.row;
    const { endOffset, lastStableOffset, logStartOffset, hasLeader, heldByTransaction: pinned } = this.facts;
    const { pace, ring, caughtUpAtMs, rewind, skip } = this.#stateOf();
    return {
      topic: this.topic,
      partition,
      committedOffset,
      committedAtMs,
      movedAtMs,
      endOffset,
      lastStableOffset,
      logStartOffset,
      ...this.waiting,
      verdict: this.evaluation?.verdict ?? "unknown",
      pace,
      commitEveryMs: commitEveryMs(ring),
      caughtUpAtMs,
      memberId,
      hasLeader,
      pinned:
        pinned === null
          ? null
          : { ...pinned, producerId: pinned.producerId === null ? null : String(pinned.producerId) },
      rewind,
      skip,
    };
  }
}
