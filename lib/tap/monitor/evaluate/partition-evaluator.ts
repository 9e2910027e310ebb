/** Evaluates all group partitions of a cluster, group by group. */
import type { GroupPartitionRef } from "../../group-partition.ts";
import { isIdle, isUnchanged } from "../persist/is-unchanged.ts";
import { CompactPartitionState } from "../state/compact-partition-state.ts";
import type { LogEnds, LogFacts } from "../state/log-ends.ts";
import { applyPoll, type PartitionState } from "../state/partition-state.ts";
import type { PartitionStates } from "../state/partition-states.ts";
import type { SettingsOf } from "../state/topic-settings.ts";
import { evaluatePartition } from "./evaluate-partition.ts";
import { EvaluatedPartition, NO_LAG } from "./evaluated-partition.ts";

type TopicOf = ReadonlyMap<number, string>;

export type GroupPartitions = readonly [groupId: number, partitions: readonly EvaluatedPartition[]];

export class PartitionEvaluator {
  readonly #states: PartitionStates;
  readonly #ends: LogEnds;
  readonly #allowedLagMessages: bigint;

  constructor(states: PartitionStates, ends: LogEnds, allowedLagMessages: bigint) {
    this.#states = states;
    this.#ends = ends;
    this.#allowedLagMessages = allowedLagMessages;
  }

  /**
   * All group partitions, one group at a time, so that those of all groups need not be held at once. A partition whose
   * log is not known yet is left out.
   */
  *evaluate(topicOf: TopicOf, settingsOf: SettingsOf, nowMs: number): Generator<GroupPartitions> {
    for (const groupId of this.#states.groupIds) {
      const partitions: EvaluatedPartition[] = [];
      for (const [key, log, state] of this.#states.ofGroup(groupId, (at) => this.#ends.of(at)))
        partitions.push(
          state instanceof CompactPartitionState
            ? idlePartition(groupId, key, log, state, topicOf)
            : this.#evaluateState(groupId, key, log, state, { topicOf, settingsOf, nowMs }),
        );
      yield [groupId, partitions];
    }
    this.#states.endEvaluation(nowMs);
  }

  /** Most group partitions are idle: their states become compact, and are not evaluated again until they change. */
  #evaluateState(
    groupId: number,
    key: number,
    log: LogFacts,
    state: PartitionState,
    { topicOf, settingsOf, nowMs }: { topicOf: TopicOf; settingsOf: SettingsOf; nowMs: number },
  ): EvaluatedPartition {
    applyPoll(state, state.row.committedOffset, log.endOffset, nowMs);
    const evaluated = evaluatePartition(topicNamed(topicOf, state.row), key, log, state, {
      ends: this.#ends,
      settings: settingsOf(state.row.destinationId),
      allowedLagMessages: this.#allowedLagMessages,
      nowMs,
    });
    const { evaluation } = evaluated;
    if (evaluation === null || !isIdle(evaluation) || evaluation.flag !== null || !log.hasLeader) return evaluated;
    const isWritten = state.written !== null && isUnchanged(state.written.evaluation, evaluation);
    const compact = CompactPartitionState.of(state, log, isWritten);
    if (compact === null) return evaluated;
    this.#states.setCompact(groupId, key, compact);
    return idlePartition(groupId, key, log, compact, topicOf);
  }
}

function idlePartition(
  groupId: number,
  key: number,
  log: LogFacts,
  state: CompactPartitionState,
  topicOf: TopicOf,
): EvaluatedPartition {
  const row = state.row(groupId, key);
  const stateOf = () => state.expand(groupId, key);
  return new EvaluatedPartition(topicNamed(topicOf, row), row, state.evaluation(row), NO_LAG, log, false, stateOf);
}

const topicNamed = (topicOf: TopicOf, { destinationId }: GroupPartitionRef): string =>
  topicOf.get(destinationId) ?? `destination ${destinationId}`;
