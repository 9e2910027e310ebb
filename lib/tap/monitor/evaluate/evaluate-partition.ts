/** Evaluates one group partition: how far behind it is, since when, at what pace, and what that means. */
import { flagOf } from "#lib/domain/health/log/flag.ts";
import { catchUpSeconds, dataLossSeconds, lostMessages } from "#lib/domain/health/log/forecast.ts";
import { judgePartition, RING_SIZE } from "#lib/domain/health/log/judge.ts";
import { ratesOf } from "#lib/domain/health/log/pace.ts";
import { WAIT_FLOOR_MS } from "#lib/domain/health/log/situation.ts";
import type { OffsetSample } from "#lib/domain/health/log/time-lag.ts";
import type { TopicSettingsRow } from "#lib/store/destinations/topic-settings-read.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import { CLOSE_MS, headAt } from "../state/head-time.ts";
import type { LogEnds, LogFacts } from "../state/log-ends.ts";
import { applyLag, type PartitionState } from "../state/partition-state.ts";
import { isCompacted } from "../state/topic-settings.ts";
import { EvaluatedPartition, NO_LAG, type PartitionLag } from "./evaluated-partition.ts";

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

interface MeasuredLag extends PartitionLag {
  /** the offset that is read next: the committed one, or where the log begins if retention has deleted that */
  readonly from: bigint;
  /** the first waiting event, where its time is known */
  readonly head: (OffsetSample & { readonly isFromLog: boolean }) | null;
  /** the time lag is a lower bound: the first event has waited for at least that long */
  readonly timeLagIsFloor: boolean;
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
  const lag =
    lagMessages === 0n && lost === 0n && timeLagMs === 0
      ? NO_LAG
      : { lagMessages, lostMessages: lost, waitsForTransaction, timeLagMs };
  const hasJumped = state.rewind !== null || state.skip !== null;
  const evaluation = row.committedOffset === null ? null : evaluationOf(key, facts, state, measured, context);
  return new EvaluatedPartition(topic, row, evaluation, lag, facts, hasJumped, () => state);
}

function measureLag(
  key: number,
  facts: LogFacts,
  state: PartitionState,
  { ends, nowMs }: PartitionContext,
): MeasuredLag {
  const { endOffset, logStartOffset, lastStableOffset } = facts;
  const committed = state.row.committedOffset;
  const from =
    committed === null
      ? // Without a commit, what waits is what has been written since the partition was first polled.
        endOffset - BigInt(state.pace.at(-1)?.written ?? 0)
      : committed < logStartOffset
        ? logStartOffset
        : committed;
  const lagMessages = ends.lagFrom(key, facts, from);
  const waitedMs = applyLag(state, committed ?? -1n, lagMessages, nowMs);
  const head = lagMessages === 0n || committed === null ? null : headAt(state.head, from);
  const isFromLog = head !== null && state.head !== null && state.head.readAtMs !== null;
  const ageMs = head === null ? 0 : Math.round(nowMs - head.atMs);
  // An event has waited at least as long as it was observed to wait, whatever its producer's clock says; unless it was
  // compacted away and a younger event is the first one now.
  const timeLagMs = isFromLog && head.offset > from ? Math.max(0, ageMs) : Math.max(ageMs, waitedMs);
  return {
    from,
    lagMessages,
    lostMessages:
      committed === null || ends.isEmpty(key, committed, logStartOffset) ? 0n : lostMessages(committed, logStartOffset),
    waitsForTransaction:
      lagMessages > 0n &&
      lastStableOffset < endOffset &&
      committed !== null &&
      ends.isEmpty(key, from, lastStableOffset),
    head: head === null ? null : { ...head, isFromLog },
    timeLagMs,
    timeLagIsFloor: lagMessages > 0n && (head === null || timeLagMs > ageMs + CLOSE_MS),
  };
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
  { row, ring }: PartitionState,
  timeLagMs: number,
  { ends, allowedLagMessages, nowMs }: PartitionContext,
): Pick<PartitionEvaluation, "verdict" | "evidence"> {
  if (timeLagMs < WAIT_FLOOR_MS) return { verdict: "ok", evidence: Math.max(1, ring.length) / RING_SIZE };
  const lastCommit = { offset: row.committedOffset ?? 0n, atMs: row.committedAtMs ?? nowMs, lagMessages: null };
  const { verdict, evidence } = judgePartition({
    // A commit older than those from which the ring was rebuilt is still the group's last one.
    ring: ring.length > 0 ? ring : [lastCommit],
    endOffsets: ends.samplesOf(key).map((sample) => sample.offset),
    nowMs,
    allowedLagMessages,
    stoppedAfterMs: STOPPED_AFTER_MS,
  });
  const isTooSoon = (verdict === "stalled" || verdict === "warning") && evidence < MIN_EVIDENCE;
  return { verdict: isTooSoon ? "ok" : verdict, evidence };
}

/** Three digits are all that a rate over a minute is known to; and what changes less is written less often. */
const round = (rate: number): number => Number(rate.toPrecision(3));
