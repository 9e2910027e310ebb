import { commitEveryMs, slowestCommitMs } from "#lib/domain/health/log/commit-pace.ts";
import type { PartitionSituation } from "#lib/domain/health/log/situation.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { LogFacts } from "../state/log-ends.ts";
import type { PartitionState } from "../state/partition-state.ts";

/** How far one group is behind on one partition. */
export interface PartitionLag {
  readonly lagMessages: bigint;
  readonly lostMessages: bigint;
  /** only events of an open transaction, and those behind it, are left */
  readonly waitsForTransaction: boolean;
  readonly timeLagMs: number;
}

export const NO_LAG: PartitionLag = {
  lagMessages: 0n,
  lostMessages: 0n,
  waitsForTransaction: false,
  timeLagMs: 0,
};

const UNSUBSCRIBED = {
  verdict: "ok",
  lagMessages: 0n,
  timeLagMs: 0,
  timeLagIsFloor: false,
  catchUpSeconds: null,
  dataLossSeconds: null,
  lostMessages: 0n,
  flag: "unsubscribed",
} as const;

/**
 * One group partition after its evaluation. There are many of them in every cycle; only of those with trouble the whole
 * situation is worked out.
 */
export class EvaluatedPartition {
  readonly topic: string;
  readonly row: PartitionStateRow;
  /** null: the group has never committed there */
  readonly evaluation: PartitionEvaluation | null;
  readonly lag: PartitionLag;
  readonly facts: LogFacts;
  readonly #hasJumped: boolean;
  readonly #stateOf: () => PartitionState;

  constructor(
    topic: string,
    row: PartitionStateRow,
    evaluation: PartitionEvaluation | null,
    lag: PartitionLag,
    facts: LogFacts,
    hasJumped: boolean,
    stateOf: () => PartitionState,
  ) {
    this.topic = topic;
    this.row = row;
    this.evaluation = evaluation;
    this.lag = lag;
    this.facts = facts;
    this.#hasJumped = hasJumped;
    this.#stateOf = stateOf;
  }

  /** Nothing waits, nothing was lost, no commit jumped, and the partition can be read. */
  isQuiet(allowedLagMessages: bigint): boolean {
    return (
      this.lag.lagMessages <= allowedLagMessages &&
      this.lag.lostMessages === 0n &&
      this.facts.hasLeader &&
      !this.#hasJumped
    );
  }

  withVerdict(verdict: PartitionEvaluation["verdict"]): EvaluatedPartition {
    const evaluation = this.evaluation === null ? null : { ...this.evaluation, verdict };
    const { topic, row, lag, facts } = this;
    return new EvaluatedPartition(topic, row, evaluation, lag, facts, this.#hasJumped, this.#stateOf);
  }

  /** The group does not consume the topic any more: what it has committed there is no lag. */
  unsubscribed(): EvaluatedPartition {
    const { topic, row, evaluation, facts } = this;
    const idle = evaluation === null ? null : { ...evaluation, ...UNSUBSCRIBED };
    return new EvaluatedPartition(topic, row, idle, NO_LAG, facts, false, this.#stateOf);
  }

  /** As it is in this cycle: its state goes on changing. */
  situation(): PartitionSituation {
    const { partition, committedOffset, committedAtMs, movedAtMs, memberId } = this.row;
    const { endOffset, lastStableOffset, logStartOffset, hasLeader, heldByTransaction } = this.facts;
    const { pace, ring, caughtUpAtMs, heldAtMs, rewind, skip } = this.#stateOf();
    return {
      topic: this.topic,
      partition,
      committedOffset,
      committedAtMs,
      movedAtMs,
      endOffset,
      lastStableOffset,
      logStartOffset,
      ...this.lag,
      verdict: this.evaluation?.verdict ?? "unknown",
      pace,
      commitEveryMs: commitEveryMs(ring),
      slowestCommitMs: slowestCommitMs(ring),
      caughtUpAtMs,
      heldAtMs,
      memberId,
      hasLeader,
      heldByTransaction:
        heldByTransaction === null
          ? null
          : {
              ...heldByTransaction,
              producerId: heldByTransaction.producerId === null ? null : String(heldByTransaction.producerId),
            },
      rewind,
      skip,
    };
  }
}
