/** The stage that decides what is reported of evaluated groups: their status, and the incidents that follow from it. */
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { Finding } from "#lib/domain/health/finding.ts";
import { withWords } from "#lib/domain/health/words/finding-words.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { GroupEvaluation } from "#lib/store/groups/group-evaluations-write.ts";
import type { IncidentChangeRow } from "#lib/store/groups/incidents-write.ts";
import type { LagPoint } from "#lib/store/groups/lag-points-write.ts";
import type { EvaluatedGroup } from "../evaluate/group-evaluator.ts";
import { ChangedPartitions } from "../persist/changed-partitions.ts";
import type { PartitionStates } from "../state/partition-states.ts";
import { evaluationsOf, groupEvaluation, lagPoints, reportedFields } from "./group-evaluation.ts";
import type { ReportedStatus } from "./reported-status.ts";

export interface Reported {
  /** only those that changed: all of them would be too many to hold at once */
  readonly partitions: readonly PartitionEvaluation[];
  readonly groups: readonly GroupEvaluation[];
  readonly points: readonly LagPoint[];
  readonly incidents: readonly IncidentChangeRow[];
}

export class Reporter {
  readonly #status: ReportedStatus;
  readonly #states: PartitionStates;
  /** what was reported of each group in the last cycle */
  #last = new Map<number, GroupEvaluation>();

  constructor(status: ReportedStatus, states: PartitionStates) {
    this.#status = status;
    this.#states = states;
  }

  /** Takes the groups one by one as they are evaluated, and keeps of their partitions only those that changed. */
  report(
    evaluated: Iterable<EvaluatedGroup>,
    { isCertain, nowMs }: { readonly isCertain: boolean; readonly nowMs: number },
  ): Reported {
    const changed = new ChangedPartitions(this.#states, nowMs);
    const partitions: PartitionEvaluation[] = [];
    const points: LagPoint[] = [];
    const incidents: IncidentChangeRow[] = [];
    const last = new Map<number, GroupEvaluation>();
    for (const group of evaluated) {
      const { groupId, info, verdict } = group;
      const finding = group.finding === null ? null : withWords(group.finding, { group: info.group, nowMs });
      const status = this.#status.report(groupId, verdict, finding, isCertain, nowMs);
      const evaluation = groupEvaluation(group, status, nowMs);
      last.set(groupId, evaluation);
      points.push(...lagPoints(group));
      incidents.push(...this.#incidentOf(evaluation, nowMs));
      partitions.push(...changed.of(evaluationsOf(group.partitions)));
    }
    this.#last = last;
    this.#status.forgetOthers(last);
    return { partitions, groups: [...last.values()], points, incidents };
  }

  /** The cluster does not answer. That is reported of the groups that were at work, and nothing else. */
  reportOutage(
    groups: ReadonlyMap<number, GroupInfo>,
    findingOf: (groupId: number, info: GroupInfo) => Finding | null,
    nowMs: number,
  ): Reported {
    const reported: GroupEvaluation[] = [];
    const incidents: IncidentChangeRow[] = [];
    for (const [groupId, before] of this.#last) {
      const info = groups.get(groupId);
      if (info === undefined || isAtRest(info, before)) continue;
      const found = findingOf(groupId, info);
      const finding = found === null ? null : withWords(found, { group: info.group, nowMs });
      const status = this.#status.report(groupId, before.verdict, finding, finding !== null, nowMs);
      // The sentence of an earlier cause is no reason beside the outage.
      const reason = before.reason?.kind === "cause" ? null : before.reason;
      const evaluation = { ...before, ...reportedFields(status, reason, 0) };
      this.#last.set(groupId, evaluation);
      reported.push(evaluation);
      incidents.push(...this.#incidentOf(evaluation, nowMs));
    }
    return { partitions: [], groups: reported, points: [], incidents };
  }

  #incidentOf(evaluation: GroupEvaluation, nowMs: number): IncidentChangeRow[] {
    const change = this.#status.incident(evaluation.groupId, evaluation, nowMs);
    return change === null ? [] : [change];
  }
}

const isAtRest = ({ members }: GroupInfo, { lagMessages, inRate }: GroupEvaluation): boolean =>
  members.length === 0 && lagMessages === 0n && inRate === 0;
