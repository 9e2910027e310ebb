/** From the evaluated partitions of groups to their verdicts and causes. */
import type { DestinationInfo, GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { Finding } from "#lib/domain/health/finding.ts";
import { brokerTrouble } from "#lib/domain/health/log/causes/broker-trouble.ts";
import { findCause } from "#lib/domain/health/log/causes/table.ts";
import { judgeGroup } from "#lib/domain/health/log/judge.ts";
import { slowNotStopped } from "#lib/domain/health/log/standstill.ts";
import { leftTopics } from "#lib/domain/health/log/left-topics.ts";
import type { GroupEvent, GroupSituation, UnassignedPartition } from "#lib/domain/health/log/situation.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { LastLeftMember } from "#lib/store/groups/history-read.ts";
import type { EvaluatedPartition } from "./evaluated-partition.ts";
import type { GroupPartitions } from "./partition-evaluator.ts";
import type { UnassignedPartitions } from "./unassigned-partitions.ts";

/** So many changes of a group's members in the window of its events may be a rebalance loop. */
const EVENTFUL = 4;

export interface GroupFacts {
  readonly topics: readonly DestinationInfo[];
  readonly destinationOf: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<number, GroupInfo>;
  readonly recentFailures: ReadonlyMap<string, number>;
  readonly events: ReadonlyMap<number, readonly GroupEvent[]>;
  readonly emptySince: ReadonlyMap<number, number>;
  readonly lastLeft: ReadonlyMap<number, LastLeftMember>;
  readonly knownSinceMs: number;
  readonly nowMs: number;
}

export interface EvaluatedGroup {
  readonly groupId: number;
  readonly info: GroupInfo;
  readonly partitions: readonly EvaluatedPartition[];
  readonly verdict: Verdict;
  readonly evidence: number;
  /** the cause found in this cycle, however short it has held */
  readonly finding: Finding | null;
  readonly recentFailures: number;
}

export class GroupEvaluator {
  readonly #unassigned: UnassignedPartitions;
  readonly #allowedLagMessages: bigint;
  readonly #faults = new Map<number, { readonly reason: string; readonly sinceMs: number }>();
  /** since when all partitions of a group can be read again */
  readonly #readableSinceMs = new Map<number, number>();
  /** the topics with commits of a group that it does not consume any more */
  readonly #left = new Map<number, ReadonlySet<string>>();

  constructor(unassigned: UnassignedPartitions, allowedLagMessages: bigint) {
    this.#unassigned = unassigned;
    this.#allowedLagMessages = allowedLagMessages;
  }

  /** Every group once, as its partitions come: the evaluations of all groups would be too many to hold at once. */
  *evaluate(partitions: Iterable<GroupPartitions>, facts: GroupFacts): Generator<EvaluatedGroup> {
    this.#unassigned.setTopics(facts.topics, facts.destinationOf);
    const evaluated = new Set<number>();
    for (const [groupId, own] of partitions) {
      const info = facts.groups.get(groupId);
      if (info === undefined) continue;
      evaluated.add(groupId);
      yield this.#evaluateGroup(groupId, info, own, facts);
    }
    for (const [groupId, info] of facts.groups)
      if (!evaluated.has(groupId)) yield this.#evaluateGroup(groupId, info, [], facts);
    for (const memory of [this.#faults, this.#readableSinceMs, this.#left])
      for (const groupId of memory.keys()) if (!facts.groups.has(groupId)) memory.delete(groupId);
    this.#unassigned.forgetOthers(facts.groups);
  }

  /** What the outage of the whole cluster means for a group. */
  outageOf(
    groupId: number,
    info: GroupInfo,
    outage: { readonly reason: string; readonly sinceMs: number },
    nowMs: number,
  ): Finding | null {
    const situation = this.#situation(groupId, info, [], [], { knownSinceMs: nowMs, nowMs });
    return brokerTrouble({ ...situation, brokerFault: outage });
  }

  #evaluateGroup(
    groupId: number,
    info: GroupInfo,
    judged: readonly EvaluatedPartition[],
    facts: GroupFacts,
  ): EvaluatedGroup {
    const consumed = this.#withoutLeftTopics(groupId, info, judged);
    const partitions = info.members.length === 0 ? consumed : this.#withSlowOnes(consumed, facts.nowMs);
    const known = partitions.flatMap(({ evaluation }) =>
      evaluation === null || evaluation.verdict === "unknown"
        ? []
        : [{ verdict: evaluation.verdict, evidence: evaluation.evidence }],
    );
    return {
      groupId,
      info,
      partitions,
      ...judgeGroup(known),
      finding: this.#findCause(groupId, info, partitions, facts),
      recentFailures: facts.recentFailures.get(info.group) ?? 0,
    };
  }

  /** While its members do not tell to what they subscribe, what they said last counts. */
  #withoutLeftTopics(
    groupId: number,
    info: GroupInfo,
    partitions: readonly EvaluatedPartition[],
  ): readonly EvaluatedPartition[] {
    const left = leftTopics(info, new Set(partitions.map(({ topic }) => topic)));
    if (left !== null && left.size > 0) this.#left.set(groupId, left);
    else if (left !== null) this.#left.delete(groupId);
    const known = this.#left.get(groupId);
    return known === undefined ? partitions : partitions.map((at) => (known.has(at.topic) ? at.unsubscribed() : at));
  }

  /** A consumer that is at work has not stopped: it is slow. */
  #withSlowOnes(partitions: readonly EvaluatedPartition[], nowMs: number): readonly EvaluatedPartition[] {
    if (!partitions.some(({ evaluation }) => evaluation?.verdict === "stopped")) return partitions;
    const situations = new Map(partitions.map((at) => [at.situation(), at]));
    const slow = new Set(
      slowNotStopped([...situations.keys()], { allowedLagMessages: this.#allowedLagMessages, nowMs }).map((at) =>
        situations.get(at),
      ),
    );
    return partitions.map((at) => (slow.has(at) ? at.withVerdict("warning") : at));
  }

  #findCause(
    groupId: number,
    info: GroupInfo,
    partitions: readonly EvaluatedPartition[],
    facts: GroupFacts,
  ): Finding | null {
    const unassigned = this.#unassigned.of(groupId, info, partitions, facts.nowMs);
    const isQuiet =
      info.fault === null &&
      !this.#faults.has(groupId) &&
      unassigned.length === 0 &&
      (facts.events.get(groupId)?.length ?? 0) < EVENTFUL &&
      partitions.every((at) => at.isQuiet(this.#allowedLagMessages));
    const finding = isQuiet ? null : findCause(this.#situation(groupId, info, partitions, unassigned, facts));
    if (finding?.cause === "broker_trouble") this.#readableSinceMs.set(groupId, facts.nowMs);
    return finding;
  }

  #situation(
    groupId: number,
    info: GroupInfo,
    evaluated: readonly EvaluatedPartition[],
    unassigned: readonly UnassignedPartition[],
    facts: Pick<GroupFacts, "knownSinceMs" | "nowMs"> & Partial<GroupFacts>,
  ): GroupSituation {
    const { nowMs } = facts;
    const partitions = evaluated.map((at) => at.situation());
    return {
      group: info.group,
      protocol: info.protocol,
      state: info.state,
      brokerFault: this.#faultOf(groupId, info, nowMs),
      members: info.members,
      emptySinceMs: info.members.length > 0 ? null : (facts.emptySince?.get(groupId) ?? null),
      lastLeft: facts.lastLeft?.get(groupId) ?? null,
      events: facts.events?.get(groupId) ?? [],
      partitions,
      topics: [...new Set(partitions.map((at) => at.topic))].map((topic) => ({
        topic,
        partitionCount: this.#unassigned.partitionCount(topic),
      })),
      unassigned,
      allowedLagMessages: this.#allowedLagMessages,
      knownSinceMs: Math.max(facts.knownSinceMs, this.#readableSinceMs.get(groupId) ?? 0),
      nowMs,
    };
  }

  /** Why the group's coordinator cannot describe it, and since when. */
  #faultOf(groupId: number, { fault }: GroupInfo, nowMs: number): GroupSituation["brokerFault"] {
    if (fault === null) {
      this.#faults.delete(groupId);
      return null;
    }
    const brokerFault = { reason: fault, sinceMs: this.#faults.get(groupId)?.sinceMs ?? nowMs };
    this.#faults.set(groupId, brokerFault);
    return brokerFault;
  }
}
