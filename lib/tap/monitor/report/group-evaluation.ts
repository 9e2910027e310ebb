/** The row of a group, from its evaluation and from what is reported of it. */
import { catchUpSeconds } from "#lib/domain/health/log/forecast.ts";
import { reasonOf, type Reason, type ReasonPartition } from "#lib/domain/health/reason.ts";
import { isBad, severityOf, worstVerdict } from "#lib/domain/health/verdict.ts";
import { reportedReason } from "#lib/domain/health/words/reason.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { GroupEvaluation } from "#lib/store/groups/group-evaluations-write.ts";
import type { LagPoint } from "#lib/store/groups/lag-points-write.ts";
import type { EvaluatedPartition } from "../evaluate/evaluated-partition.ts";
import type { EvaluatedGroup } from "../evaluate/group-evaluator.ts";
import type { ReportedGroupStatus } from "./reported-status.ts";

export const evaluationsOf = (partitions: readonly EvaluatedPartition[]): PartitionEvaluation[] =>
  partitions.flatMap(({ evaluation }) => evaluation ?? []);

export function groupEvaluation(group: EvaluatedGroup, status: ReportedGroupStatus, nowMs: number): GroupEvaluation {
  const evaluations = evaluationsOf(group.partitions);
  const lagging = evaluations.filter((at) => at.lagMessages > 0n);
  const losses = evaluations.flatMap((at) => at.dataLossSeconds ?? []);
  const totals = {
    ...lagTotals(evaluations),
    inRate: evaluations.reduce((sum, at) => sum + at.inRate, 0),
    outRate: evaluations.reduce((sum, at) => sum + at.outRate, 0),
  };
  const reason = groupReason(group, status, totals, nowMs);
  return {
    groupId: group.groupId,
    evidence: group.evidence,
    ...totals,
    timeLagIsFloor: lagging.some((at) => at.timeLagIsFloor),
    catchUpSeconds: lagging.length === 0 ? null : catchUpSeconds(lagging),
    dataLossSeconds: losses.length === 0 ? null : losses.reduce((soonest, loss) => Math.min(soonest, loss)),
    lostMessages: evaluations.reduce((sum, at) => sum + at.lostMessages, 0n),
    ...reportedFields(status, reason === null ? null : reportedReason(reason), group.recentFailures),
  };
}

/** What a group's row takes from its reported status. `reason` null: the sentence of the finding, if there is one. */
export function reportedFields(
  status: ReportedGroupStatus,
  reason: GroupEvaluation["reason"],
  recentFailures: number,
): ReportedGroupStatus & Pick<GroupEvaluation, "reason" | "severity"> {
  return {
    ...status,
    reason: reason ?? (status.finding === null ? null : { kind: "cause", text: status.finding.sentence }),
    severity: severityOf(status.verdict, recentFailures, status.finding?.cause ?? null),
  };
}

function groupReason(
  { info, verdict, partitions }: EvaluatedGroup,
  status: ReportedGroupStatus,
  totals: Pick<GroupEvaluation, "lagMessages" | "timeLagMs" | "inRate" | "outRate">,
  nowMs: number,
): Reason | null {
  // The trouble is over, and is only reported for a moment longer: it has no reason any more.
  if (isBad(status.verdict) && !isBad(verdict) && status.finding === null)
    return { kind: "recovers", group: info.group, lagMessages: totals.lagMessages };
  return reasonOf({
    ...totals,
    group: info.group,
    verdict: isBad(verdict) ? verdict : status.verdict,
    memberCount: info.members.length,
    state: info.state,
    nowMs,
    partitions: isBad(status.verdict) ? partitions.flatMap(reasonPartition) : [],
  });
}

function reasonPartition({ topic, evaluation, row }: EvaluatedPartition): ReasonPartition[] {
  if (evaluation === null) return [];
  const { verdict, lagMessages } = evaluation;
  const { partition, movedAtMs } = row;
  return [{ topic, partition, verdict, lagMessages, committedOffset: row.committedOffset ?? 0n, movedAtMs }];
}

/** One point for each topic of the group. */
export function lagPoints({ groupId, info, partitions }: EvaluatedGroup): LagPoint[] {
  return [...Map.groupBy(evaluationsOf(partitions), (at) => at.destinationId)].map(([destinationId, evaluations]) => ({
    groupId,
    destinationId,
    ...lagTotals(evaluations),
    memberCount: info.members.length,
    verdict: worstVerdict(evaluations.map((at) => at.verdict)),
  }));
}

/** The sum of the lags, and the longest time lag. */
function lagTotals(evaluations: readonly PartitionEvaluation[]): Pick<GroupEvaluation, "lagMessages" | "timeLagMs"> {
  let lagMessages = 0n;
  let timeLagMs: number | null = null;
  for (const at of evaluations) {
    lagMessages += at.lagMessages;
    if (at.timeLagMs !== null) timeLagMs = Math.max(timeLagMs ?? 0, at.timeLagMs);
  }
  return { lagMessages, timeLagMs };
}
