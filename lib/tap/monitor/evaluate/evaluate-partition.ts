/** Evaluates one group partition: how far behind it is, since when, at what pace, and what that means. */
import { slowestCommitMs } from "#lib/domain/health/log/commit-pace.ts";
import { flagOf } from "#lib/domain/health/log/flag.ts";
import { catchUpSeconds, dataLossSeconds } from "#lib/domain/health/log/forecast.ts";
import { judgePartition, RING_SIZE } from "#lib/domain/health/log/judge.ts";
import { ratesOf } from "#lib/domain/health/log/pace.ts";
import { WAIT_FLOOR_MS } from "#lib/domain/health/log/situation.ts";
import type { TopicSettingsRow } from "#lib/store/destinations/topic-settings-read.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { LogEnds, LogFacts } from "../state/log-ends.ts";
import type { PartitionState } from "../state/partition-state.ts";
import { isCompacted } from "../state/topic-settings.ts";
import { EvaluatedPartition, NO_LAG } from "./evaluated-partition.ts";
import { measureLag, type MeasuredLag } from "./measure-lag.ts";

const STOPPED_AFTER_MS = 30_000;
/** Two or three commits of a group that has just begun may look stalled or slow, and mean nothing. */
const MIN_EVIDENCE = 0.5;
/** A group that is no further behind than this has caught up, whatever is on its way. */
const CAUGHT_UP_MS = 5000;

export interface PartitionContext {
  readonly ends: LogEnds;
  readonly settings: TopicSettingsRow;
  readonly allowedLagMessages: bigint;
  readonly nowMs: number;
}

/** Remembers in the state since when something waits, and when the group had caught up. */
export function evaluatePartition(
  topic: string,
  key: number,
  facts: LogFacts,
  state: PartitionState,
  context: PartitionContext,
): EvaluatedPartition {
  const { row } = state;
  const { allowedLagMessages, nowMs } = context;
  const measured = measureLag(key, facts, state, context);
  const { lagMessages, lostMessages: lost, waitsForTransaction, timeLagMs, timeLagIsFloor } = measured;
  if (lagMessages <= allowedLagMessages || (!timeLagIsFloor && timeLagMs < CAUGHT_UP_MS)) state.caughtUpAtMs = nowMs;
  if (waitsForTransaction) state.heldAtMs = nowMs;
  const lag =
    lagMessages === 0n && lost === 0n && timeLagMs === 0
      ? NO_LAG
      : { lagMessages, lostMessages: lost, waitsForTransaction, timeLagMs };
  const hasJumped = state.rewind !== null || state.skip !== null;
  const evaluation = row.committedOffset === null ? null : evaluationOf(key, facts, state, measured, context);
  return new EvaluatedPartition(topic, row, evaluation, lag, facts, hasJumped, () => state);
}

function evaluationOf(
  key: number,
  { endOffset, logStartOffset, sizeBytes, heldByTransaction }: LogFacts,
  state: PartitionState,
  { from, lagMessages, lostMessages: lost, waitsForTransaction, head, timeLagMs, timeLagIsFloor }: MeasuredLag,
  context: PartitionContext,
): PartitionEvaluation {
  const { groupId, destinationId, partition, committedOffset } = state.row;
  const { settings, nowMs } = context;
  const { inRate, outRate } = ratesOf(state.pace);
  const log = { logStartOffset, endOffset };
  return {
    groupId,
    destinationId,
    partition,
    lagMessages,
    timeLagMs,
    timeLagIsFloor,
    ...verdictOf(key, state, timeLagMs, context),
    inRate: round(inRate),
    outRate: round(outRate),
    catchUpSeconds: lagMessages === 0n ? null : catchUpSeconds([{ lagMessages, inRate, outRate }]),
    dataLossSeconds: dataLossSeconds({
      ...log,
      ...settings,
      lagMessages,
      committedOffset: from,
      timeLagMs,
      inRate,
      sizeBytes,
    }),
    lostMessages: lost,
    flag: flagOf({
      ...log,
      committedOffset: committedOffset ?? from,
      lostMessages: lost,
      waitsForTransaction: waitsForTransaction && heldByTransaction !== null,
      isCompacted: isCompacted(settings),
      head,
      nowMs,
    }),
  };
}

function verdictOf(
  key: number,
  { row, ring, heldAtMs }: PartitionState,
  timeLagMs: number,
  { ends, allowedLagMessages, nowMs }: PartitionContext,
): Pick<PartitionEvaluation, "verdict" | "evidence"> {
  // No consumer could read what a transaction has held back until a moment ago.
  const wasHeld = heldAtMs !== null && nowMs - heldAtMs < STOPPED_AFTER_MS;
  if (timeLagMs < WAIT_FLOOR_MS || wasHeld) return { verdict: "ok", evidence: Math.max(1, ring.length) / RING_SIZE };
  const lastCommit = { offset: row.committedOffset ?? 0n, atMs: row.committedAtMs ?? nowMs, lagMessages: null };
  const { verdict, evidence } = judgePartition({
    // A commit older than those from which the ring was rebuilt is still the group's last one.
    ring: ring.length > 0 ? ring : [lastCommit],
    endOffsets: ends.samplesOf(key).map((sample) => sample.offset),
    nowMs,
    allowedLagMessages,
    stoppedAfterMs: Math.max(STOPPED_AFTER_MS, slowestCommitMs(ring) ?? 0),
  });
  const isTooSoon = (verdict === "stalled" || verdict === "warning") && evidence < MIN_EVIDENCE;
  return { verdict: isTooSoon ? "ok" : verdict, evidence };
}

/** Three digits are all that a rate over a minute is known to; and what changes less is written less often. */
const round = (rate: number): number => Number(rate.toPrecision(3));
