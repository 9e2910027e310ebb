/** From where the partitions of groups stand to what is said of the groups. */
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { findCause } from "#lib/domain/health/log/causes/table.ts";
import { brokerTrouble } from "#lib/domain/health/log/causes/broker-trouble.ts";
import { catchUpSeconds } from "#lib/domain/health/log/forecast.ts";
import { judgeGroup } from "#lib/domain/health/log/judge.ts";
import { reasonOf } from "#lib/domain/health/reason.ts";
import type { GroupEvent, GroupSituation, UnassignedPartition } from "#lib/domain/health/log/situation.ts";
import { isBad, severityOf, worstVerdict } from "#lib/domain/health/verdict.ts";
import { waitingWords } from "#lib/domain/text/words.ts";
import type { IncidentChangeRow } from "#lib/store/groups/incidents-write.ts";
import type { LastLeftMember } from "#lib/store/groups/history-read.ts";
import type { GroupEvaluation, LagPoint, PartitionEvaluation } from "#lib/store/groups/evaluations-write.ts";
import type { EvaluatedPartition } from "./evaluated-partition.ts";
import type { ReportedStatus, ReportedGroupStatus } from "../report/reported-status.ts";
import type { UnassignedPartitions } from "./unassigned-partitions.ts";

/** So many changes of a group's members in the window of its events may be a loop. */
const EVENTFUL = 4;

export interface CycleFacts {
  readonly groups: ReadonlyMap<number, GroupInfo>;
  readonly topicOf: ReadonlyMap<number, string>;
  readonly recentFailures: ReadonlyMap<string, number>;
  readonly events: ReadonlyMap<number, readonly GroupEvent[]>;
  readonly emptySince: ReadonlyMap<number, number>;
  readonly leftLast: ReadonlyMap<number, LastLeftMember>;
  /** false right after a start or an outage: commits may be on their way that change everything */
  readonly isCertain: boolean;
  readonly knownSinceMs: number;
  readonly nowMs: number;
}

export interface Evaluated {
  /** those that are news */
  readonly partitions: PartitionEvaluation[];
  readonly groups: GroupEvaluation[];
  readonly points: LagPoint[];
  readonly incidents: IncidentChangeRow[];
}

export class GroupEvaluator {
  readonly #unread: UnassignedPartitions;
  readonly #said: ReportedStatus;
  readonly #allowedLagMessages: bigint;
  #faults = new Map<number, { readonly reason: string; readonly sinceMs: number }>();
  /** since when a group's partitions can all be read again */
  readonly #mendedMs = new Map<number, number>();
  #last = new Map<number, GroupEvaluation>();

  constructor(unread: UnassignedPartitions, said: ReportedStatus, allowedLagMessages: bigint) {
    this.#unread = unread;
    this.#said = said;
    this.#allowedLagMessages = allowedLagMessages;
  }

  /**
   * Groups are judged one by one as their places come, and of these only what is news is kept: all there are
   * would be too many.
   */
  judge(
    places: Iterable<readonly [groupId: number, own: readonly EvaluatedPartition[]]>,
    turn: CycleFacts,
    newsOf: (judgements: readonly PartitionEvaluation[]) => readonly PartitionEvaluation[],
  ): Evaluated {
    const judged: Evaluated = { partitions: [], groups: [], points: [], incidents: [] };
    const last = new Map<number, GroupEvaluation>();
    const judge = (groupId: number, info: GroupInfo, own: readonly EvaluatedPartition[]): void => {
      const judgement = this.#judgeGroup(groupId, info, own, turn, judged);
      last.set(groupId, judgement);
      judged.groups.push(judgement);
      judged.partitions.push(...newsOf(own.flatMap((at) => at.evaluation ?? [])));
    };
    for (const [groupId, own] of places) {
      const info = turn.groups.get(groupId);
      if (info !== undefined) judge(groupId, info, own);
    }
    for (const [groupId, info] of turn.groups) if (!last.has(groupId)) judge(groupId, info, []);
    this.#last = last;
    for (const memory of [this.#faults, this.#mendedMs])
      for (const groupId of memory.keys()) if (!turn.groups.has(groupId)) memory.delete(groupId);
    this.#unread.forgetOthers(turn.groups);
    this.#said.forgetOthers(turn.groups);
    return judged;
  }

  /** The cluster does not answer: that is said of the groups that were at work, and nothing else. */
  judgeOutage(
    reason: string,
    sinceMs: number,
    groups: ReadonlyMap<number, GroupInfo>,
    nowMs: number,
  ): Pick<Evaluated, "groups" | "incidents"> {
    const judged: Pick<Evaluated, "groups" | "incidents"> = { groups: [], incidents: [] };
    for (const [groupId, before] of this.#last) {
      const info = groups.get(groupId);
      if (info === undefined || (info.members.length === 0 && before.lagMessages === 0n && before.inRate === 0))
        continue;
      const finding = brokerTrouble({
        ...this.#situation(groupId, info, [], [], { isCertain: true, knownSinceMs: nowMs, nowMs }),
        brokerFault: { reason, sinceMs },
      });
      const told = this.#said.report(groupId, before.verdict, finding, finding !== null, nowMs);
      const judgement = withTold(before, told, before.reason, 0);
      this.#last.set(groupId, judgement);
      judged.groups.push(judgement);
      const change = this.#said.incident(groupId, judgement, nowMs);
      if (change !== null) judged.incidents.push(change);
    }
    return judged;
  }

  #judgeGroup(
    groupId: number,
    info: GroupInfo,
    own: readonly EvaluatedPartition[],
    turn: CycleFacts,
    judged: Evaluated,
  ): GroupEvaluation {
    const { nowMs } = turn;
    const partitions = own.flatMap(({ evaluation: judgement }) => judgement ?? []);
    const { verdict, evidence } = judgeGroup(
      partitions.flatMap((at) => (at.verdict === "unknown" ? [] : [{ verdict: at.verdict, evidence: at.evidence }])),
    );
    const recentFailures = turn.recentFailures.get(info.group) ?? 0;
    const found = this.#findCause(groupId, info, own, turn);
    const told = this.#said.report(groupId, verdict, found, turn.isCertain, nowMs);
    const sums = sumUp(partitions);
    const inRate = partitions.reduce((sum, at) => sum + at.inRate, 0);
    const outRate = partitions.reduce((sum, at) => sum + at.outRate, 0);
    // What is still said for a moment, though it is over, has no reason any more.
    const isOver = isBad(told.verdict) && !isBad(verdict);
    const reason =
      isOver && told.finding === null
        ? `${info.group} gets on again; ${waitingWords(sums.lagMessages)}`
        : reasonOf({
            group: info.group,
            verdict: isBad(verdict) ? verdict : told.verdict,
            memberCount: info.members.length,
            state: info.state,
            inRate,
            outRate,
            lagMessages: sums.lagMessages,
            timeLagMs: sums.timeLagMs,
            nowMs,
            partitions: !isBad(told.verdict)
              ? []
              : own.flatMap(({ topic, evaluation: judgement, row }) =>
                  judgement === null
                    ? []
                    : [
                        {
                          topic,
                          partition: row.partition,
                          verdict: judgement.verdict,
                          lagMessages: judgement.lagMessages,
                          committedOffset: row.committedOffset ?? 0n,
                          movedAtMs: row.movedAtMs,
                        },
                      ],
                ),
          });
    const waiting = partitions.filter((at) => at.lagMessages > 0n);
    const losses = partitions.flatMap((at) => at.dataLossSeconds ?? []);
    const standing = withTold(
      {
        groupId,
        verdict,
        verdictSinceMs: nowMs,
        evidence,
        reason: null,
        severity: 0,
        ...sums,
        timeLagIsFloor: waiting.some((at) => at.timeLagIsFloor),
        inRate,
        outRate,
        catchUpSeconds: waiting.length === 0 ? null : catchUpSeconds(waiting),
        dataLossSeconds: losses.length === 0 ? null : losses.reduce((soonest, one) => Math.min(soonest, one)),
        lostMessages: partitions.reduce((sum, at) => sum + at.lostMessages, 0n),
        finding: null,
        causeSinceMs: null,
      },
      told,
      reason,
      recentFailures,
    );

    for (const [destinationId, onIt] of Map.groupBy(partitions, (at) => at.destinationId)) {
      judged.points.push({
        groupId,
        destinationId,
        ...sumUp(onIt),
        memberCount: info.members.length,
        verdict: worstVerdict(onIt.map((at) => at.verdict)),
      });
    }
    const change = this.#said.incident(groupId, standing, nowMs);
    if (change !== null) judged.incidents.push(change);
    return standing;
  }

  #findCause(
    groupId: number,
    info: GroupInfo,
    own: readonly EvaluatedPartition[],
    turn: CycleFacts,
  ): ReturnType<typeof findCause> {
    const unread = this.#unread.of(groupId, info, own, turn.nowMs);
    const isQuiet =
      info.fault === null &&
      !this.#faults.has(groupId) &&
      unread.length === 0 &&
      (turn.events.get(groupId)?.length ?? 0) < EVENTFUL &&
      own.every((at) => at.isQuiet(this.#allowedLagMessages));
    const finding = isQuiet ? null : findCause(this.#situation(groupId, info, own, unread, turn));
    if (finding?.cause === "broker_trouble") this.#mendedMs.set(groupId, turn.nowMs);
    return finding;
  }

  #situation(
    groupId: number,
    info: GroupInfo,
    own: readonly EvaluatedPartition[],
    unread: readonly UnassignedPartition[],
    turn: Pick<CycleFacts, "isCertain" | "knownSinceMs" | "nowMs"> & Partial<CycleFacts>,
  ): GroupSituation {
    const partitions = own.map((at) => at.situation());
    const before = this.#faults.get(groupId);
    const brokerFault = info.fault === null ? null : { reason: info.fault, sinceMs: before?.sinceMs ?? turn.nowMs };
    if (brokerFault === null) this.#faults.delete(groupId);
    else this.#faults.set(groupId, brokerFault);
    return {
      group: info.group,
      protocol: info.protocol,
      state: info.state,
      brokerFault,
      members: info.members,
      emptySinceMs: info.members.length > 0 ? null : (turn.emptySince?.get(groupId) ?? null),
      lastLeft: turn.leftLast?.get(groupId) ?? null,
      events: turn.events?.get(groupId) ?? [],
      partitions,
      topics: [...new Set(partitions.map((at) => at.topic))].map((topic) => ({
        topic,
        partitionCount: this.#unread.partitionCount(topic),
      })),
      unread,
      allowedLagMessages: this.#allowedLagMessages,
      knownSinceMs: Math.max(turn.knownSinceMs, this.#mendedMs.get(groupId) ?? 0),
      nowMs: turn.nowMs,
    };
  }
}

function withTold(
  judgement: GroupEvaluation,
  told: ReportedGroupStatus,
  reason: string | null,
  recentFailures: number,
): GroupEvaluation {
  return {
    ...judgement,
    ...told,
    reason: reason ?? told.finding?.sentence ?? null,
    severity: severityOf(told.verdict, recentFailures, told.finding?.cause ?? null),
  };
}

function sumUp(partitions: readonly PartitionEvaluation[]): { lagMessages: bigint; timeLagMs: number | null } {
  let lagMessages = 0n;
  let timeLagMs: number | null = null;
  for (const at of partitions) {
    lagMessages += at.lagMessages;
    if (at.timeLagMs !== null) timeLagMs = Math.max(timeLagMs ?? 0, at.timeLagMs);
  }
  return { lagMessages, timeLagMs };
}
