/**
 * What must be remembered from one look at a cluster to the next in order to judge its groups. Grows with their
 * partitions, not with time.
 */
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import { flagOf } from "#lib/domain/health/log/flag.ts";
import { catchUpSeconds, dataLossSeconds, lostMessages } from "#lib/domain/health/log/forecast.ts";
import { judgePartition, RING_SIZE } from "#lib/domain/health/log/judge.ts";
import { ratesOf } from "#lib/domain/health/log/pace.ts";
import { WAIT_FLOOR_MS } from "#lib/domain/health/log/situation.ts";
import { endOffsetAt } from "#lib/domain/health/log/time-lag.ts";
import type { OffsetsRow } from "#lib/store/destinations/destinations-write.ts";
import type { PartitionEvaluation } from "#lib/store/groups/evaluations-write.ts";
import type { StoredCommit, PartitionStateRow, TopicSettingsRow } from "#lib/store/groups/states-read.ts";
import type { FoundHeads, WantedHead } from "../state/find-heads.ts";
import { CLOSE_MS, headAt } from "../state/head-time.ts";
import { EvaluatedPartition, type Waiting } from "./evaluated-partition.ts";
import { destinationPartitionKey, LogEnds, type LogFacts } from "../state/log-ends.ts";
import { isIdle, repeatAfterMs, isUnchanged } from "../persist/is-unchanged.ts";
import { CompactPartitionState } from "../state/compact-partition-state.ts";
import { applySkip, applyCommit, applyPoll, type Jump, type PartitionState } from "../state/partition-state.ts";
import { PartitionStates } from "../state/partition-states.ts";
import type { GroupPartitionRef } from "../../group-partition.ts";

const STOPPED_AFTER_MS = 30_000;
/** Two or three commits of a group that has just begun look stalled or slow and mean nothing. */
const LEAST_EVIDENCE = 0.5;
/** Who is no further behind than this has caught up, whatever is on its way. */
const CAUGHT_UP_MS = 5000;
const FRESH_MS = 3000;
const ASK_AGAIN_MS = 5000;
/**
 * How long what was read from a compacted log is taken for what still lies there, and from which age on that
 * is asked at all.
 */
const COMPACTED = { againMs: 10_000, fromMs: 2000 } as const;
/** Whether what retention took was worth reading is asked again so late. */
const LOST_AGAIN_MS = 60_000;
/**
 * So many places at rest have their standing written in one look; the others in the next ones. After a start there may
 * be hundreds of thousands.
 */
const RESTING_WRITTEN_PER_LOOK = 12_500;

export interface PartitionJump extends Jump, GroupPartitionRef {
  readonly kind: "back" | "forward" | "beyond";
}

const NOTHING_WAITS: Waiting = { lagMessages: 0n, lostMessages: 0n, waitsForTransaction: false, timeLagMs: 0 };
const NO_SETTINGS: TopicSettingsRow = { cleanupPolicy: null, retentionMs: null, retentionBytes: null };

export class PartitionEvaluator {
  readonly #allowedLagMessages: bigint;
  readonly ends = new LogEnds();
  readonly places = new PartitionStates();
  #settings: ReadonlyMap<number, TopicSettingsRow> = new Map();
  #restingWritten = 0;

  constructor(allowedLagMessages: bigint) {
    this.#allowedLagMessages = allowedLagMessages;
  }

  set settings(settings: ReadonlyMap<number, TopicSettingsRow>) {
    this.#settings = settings;
  }

  addEnds(
    rows: readonly OffsetsRow[],
    topics: readonly DestinationInfo[],
    destinationOf: ReadonlyMap<string, number>,
    nowMs: number,
  ): void {
    this.ends.add(rows, topics, destinationOf, nowMs);
  }

  /**
   * Commits in their order; answers those that jumped. Where the log ended at the time of an old one is not known,
   * unless it was at the end of today's.
   */
  addCommits(commits: readonly StoredCommit[]): PartitionJump[] {
    const jumps: PartitionJump[] = [];
    for (const commit of commits) {
      const samples = this.ends.samplesOf(destinationPartitionKey(commit.destinationId, commit.partition));
      const end = endOffsetAt(samples, commit.atMs) ?? samples.at(-1)?.offset ?? null;
      const known = end !== null && (end <= commit.offset || commit.atMs >= (samples[0]?.atMs ?? Infinity));
      const lagMessages = !known ? null : end > commit.offset ? end - commit.offset : 0n;
      const jumped =
        this.places.update(commit, (memory) =>
          applyCommit(memory, { offset: commit.offset, atMs: commit.atMs, lagMessages }),
        ) ?? null;
      if (jumped !== null)
        jumps.push({
          groupId: commit.groupId,
          destinationId: commit.destinationId,
          partition: commit.partition,
          kind: jumped.kind,
          ...jumped.jump,
        });
    }
    return jumps;
  }

  addSkip(jump: PartitionJump): void {
    this.places.update(jump, (memory) => applySkip(memory, jump));
  }

  /**
   * The partitions with waiting events whose first one's time is not known yet: those longest not asked for first, of
   * these the longest queue.
   */
  headsWanted(topicOf: ReadonlyMap<number, string>, nowMs: number, limit: number): WantedHead[] {
    const wanted: { at: WantedHead; askedAtMs: number; lag: bigint; memory: PartitionState }[] = [];
    for (const [key, facts, memory] of this.places.mayLag(this.#factsOf)) {
      const { row } = memory;
      const topic = topicOf.get(row.destinationId);
      if (topic === undefined || row.committedOffset === null || !facts.hasLeader) continue;
      const { logStartOffset, lastStableOffset } = facts;
      const isLost = row.committedOffset < logStartOffset;
      const from = isLost ? logStartOffset : row.committedOffset;
      const lag = this.#lagOf(key, facts, from);
      this.#wait(memory, row.committedOffset, lag, nowMs);
      // Whether anything was lost at all, where only marks of transactions may have been.
      if (
        isLost &&
        !this.ends.isEmpty(key, row.committedOffset, logStartOffset) &&
        nowMs - memory.askedAtMs >= LOST_AGAIN_MS
      ) {
        wanted.push({
          memory,
          askedAtMs: memory.askedAtMs,
          lag,
          at: {
            destinationId: row.destinationId,
            partition: row.partition,
            committedOffset: row.committedOffset,
            topic,
            upTo: logStartOffset,
            fromLog: false,
            isFresh: false,
          },
        });
        continue;
      }
      if (lag === 0n || this.ends.isEmpty(key, from, lastStableOffset)) continue;
      const known = headAt(memory.head, from);
      const isCompacted = this.#settings.get(row.destinationId)?.cleanupPolicy?.includes("compact") === true;
      const fromLog =
        isCompacted &&
        known !== null &&
        nowMs - known.atMs > COMPACTED.fromMs &&
        nowMs - (memory.head?.readAtMs ?? -Infinity) > COMPACTED.againMs;
      if ((known !== null && !fromLog) || nowMs - memory.askedAtMs < ASK_AGAIN_MS) continue;
      const isFresh = nowMs - (memory.waiting?.sinceMs ?? nowMs) < FRESH_MS;
      wanted.push({
        memory,
        askedAtMs: isFresh ? nowMs : memory.askedAtMs,
        lag,
        at: {
          destinationId: row.destinationId,
          partition: row.partition,
          committedOffset: from,
          topic,
          upTo: lastStableOffset,
          fromLog,
          isFresh,
        },
      });
    }
    wanted.sort((a, b) => a.askedAtMs - b.askedAtMs || Number(b.lag - a.lag));
    const asked = wanted.slice(0, limit);
    for (const { memory, at } of asked) if (!at.isFresh) memory.askedAtMs = nowMs;
    return asked.map(({ at }) => at);
  }

  addHeads(found: FoundHeads): void {
    for (const { destinationId, partition, committedOffset, upTo } of found.empty)
      this.ends.learnGap(destinationPartitionKey(destinationId, partition), committedOffset, upTo);
    const heads = new Map(
      found.heads.map((at) => [
        `${destinationPartitionKey(at.destinationId, at.partition)}/${at.committedOffset}`,
        at.head,
      ]),
    );
    if (heads.size === 0) return;
    for (const [key, { logStartOffset }, memory] of this.places.mayLag(this.#factsOf)) {
      const { committedOffset } = memory.row;
      if (committedOffset === null) continue;
      const head = heads.get(`${key}/${committedOffset < logStartOffset ? logStartOffset : committedOffset}`);
      if (head !== undefined) memory.head = head;
    }
  }

  /**
   * All places as they stand now, group by group, so that what is judged need not all be held at once; what is not
   * known yet of a log is left out.
   */
  *judge(
    topicOf: ReadonlyMap<number, string>,
    nowMs: number,
  ): Generator<readonly [groupId: number, own: EvaluatedPartition[]]> {
    this.#restingWritten = 0;
    const topicNamed = (destinationId: number) => topicOf.get(destinationId) ?? `destination ${destinationId}`;
    for (const groupId of this.places.groupIds) {
      const own: EvaluatedPartition[] = [];
      for (const [key, facts, place] of this.places.ofGroup(groupId, this.#factsOf)) {
        own.push(
          place instanceof CompactPartitionState
            ? restingPlace(groupId, key, facts, place, topicNamed)
            : this.#look(groupId, key, facts, place, topicNamed, nowMs),
        );
      }
      yield [groupId, own];
    }
    this.places.endEvaluation(nowMs);
  }

  /** Most of what there is does not move: of that nothing is worked out again until it does. */
  #look(
    groupId: number,
    key: number,
    facts: LogFacts,
    memory: PartitionState,
    topicNamed: (destinationId: number) => string,
    nowMs: number,
  ): EvaluatedPartition {
    applyPoll(memory, memory.row.committedOffset, facts.endOffset, nowMs);
    const judged = this.#judgePlace(memory.row, facts, memory, topicNamed(memory.row.destinationId), nowMs);
    const { evaluation: judgement } = judged;
    const isAtRest = judgement !== null && isIdle(judgement) && judgement.flag === null && facts.hasLeader;
    const rest = isAtRest
      ? CompactPartitionState.of(
          memory,
          facts,
          memory.written !== null && isUnchanged(memory.written.evaluation, judgement),
        )
      : null;
    if (rest === null) return judged;
    this.places.setCompact(groupId, key, rest);
    return restingPlace(groupId, key, facts, rest, topicNamed);
  }

  /** Of the judgements of this look those to write: what says something new, or has not been written for a while. */
  changed(judgements: readonly PartitionEvaluation[], nowMs: number): PartitionEvaluation[] {
    return judgements.filter((one) => {
      const place = this.places.of(one);
      if (place === undefined) return false;
      const writtenAtMs =
        place instanceof CompactPartitionState
          ? place.writtenAtMs
          : place.written !== null && isUnchanged(place.written.evaluation, one)
            ? place.written.atMs
            : null;
      if (writtenAtMs !== null && nowMs - writtenAtMs < repeatAfterMs(one)) return false;
      if (!(place instanceof CompactPartitionState)) place.written = { evaluation: one, atMs: nowMs };
      else if (this.#restingWritten++ >= RESTING_WRITTEN_PER_LOOK) return false;
      else place.written(nowMs);
      return true;
    });
  }

  #judgePlace(
    row: PartitionStateRow,
    facts: LogFacts,
    memory: PartitionState,
    topic: string,
    nowMs: number,
  ): EvaluatedPartition {
    const key = destinationPartitionKey(row.destinationId, row.partition);
    const { endOffset, logStartOffset, lastStableOffset } = facts;
    const committed = row.committedOffset;
    // Of a partition without a commit what waits is what has come since it was first seen.
    const from =
      committed === null
        ? endOffset - BigInt(memory.pace.at(-1)?.written ?? 0)
        : committed < logStartOffset
          ? logStartOffset
          : committed;
    const lag = this.#lagOf(key, facts, from);
    const waits = this.#wait(memory, committed ?? -1n, lag, nowMs);
    const head = lag === 0n || committed === null ? null : headAt(memory.head, from);
    const age = head === null ? 0 : Math.round(nowMs - head.atMs);
    // What has been seen to wait has waited, whatever its producer's clock says; unless it is gone and something
    // younger stands in its place.
    const isFromLog = head !== null && memory.head !== null && memory.head.readAtMs !== null;
    const isReplaced = isFromLog && head.offset > from;
    const timeLagMs = isReplaced ? Math.max(0, age) : Math.max(age, waits);
    const timeLagIsFloor = lag > 0n && (head === null || timeLagMs > age + CLOSE_MS);
    if (lag <= this.#allowedLagMessages || (!timeLagIsFloor && timeLagMs < CAUGHT_UP_MS)) memory.caughtUpAtMs = nowMs;
    const lost =
      committed === null || this.ends.isEmpty(key, committed, logStartOffset)
        ? 0n
        : lostMessages(committed, logStartOffset);
    const waitsForTransaction =
      lag > 0n && lastStableOffset < endOffset && committed !== null && this.ends.isEmpty(key, from, lastStableOffset);
    const rates = ratesOf(memory.pace);
    const waiting =
      lag === 0n && lost === 0n && timeLagMs === 0
        ? NOTHING_WAITS
        : { lagMessages: lag, lostMessages: lost, waitsForTransaction, timeLagMs };
    const hasJumped = memory.rewind !== null || memory.skip !== null;
    if (committed === null) return new EvaluatedPartition(topic, row, null, waiting, facts, hasJumped, () => memory);
    const settings = this.#settings.get(row.destinationId) ?? NO_SETTINGS;
    const judgement: PartitionEvaluation = {
      groupId: row.groupId,
      destinationId: row.destinationId,
      partition: row.partition,
      lagMessages: lag,
      timeLagMs,
      timeLagIsFloor,
      ...this.#verdictOf(row, key, memory, timeLagMs, nowMs),
      inRate: round(rates.inRate),
      outRate: round(rates.outRate),
      catchUpSeconds: lag === 0n ? null : catchUpSeconds([{ lagMessages: lag, ...rates }]),
      dataLossSeconds: dataLossSeconds({
        lagMessages: lag,
        committedOffset: from,
        logStartOffset,
        endOffset,
        timeLagMs,
        inRate: rates.inRate,
        sizeBytes: facts.sizeBytes,
        ...settings,
      }),
      lostMessages: lost,
      flag: flagOf({
        committedOffset: committed,
        logStartOffset,
        endOffset,
        lostMessages: lost,
        waitsForTransaction: waitsForTransaction && facts.heldByTransaction !== null,
        isCompacted: settings.cleanupPolicy?.includes("compact") === true,
        head: head === null ? null : { ...head, isFromLog },
        nowMs,
      }),
    };
    return new EvaluatedPartition(topic, row, judgement, waiting, facts, hasJumped, () => memory);
  }

  #verdictOf(
    row: PartitionStateRow,
    key: number,
    memory: PartitionState,
    timeLagMs: number,
    nowMs: number,
  ): Pick<PartitionEvaluation, "verdict" | "evidence"> {
    if (timeLagMs < WAIT_FLOOR_MS) return { verdict: "ok", evidence: Math.max(1, memory.ring.length) / RING_SIZE };
    // A commit older than what the ring was rebuilt from still says where the group stands.
    const ring =
      memory.ring.length > 0
        ? memory.ring
        : [{ offset: row.committedOffset ?? 0n, atMs: row.committedAtMs ?? nowMs, lagMessages: null }];
    const { verdict, evidence } = judgePartition({
      ring,
      endOffsets: this.ends.samplesOf(key).map((sample) => sample.offset),
      nowMs,
      allowedLagMessages: this.#allowedLagMessages,
      stoppedAfterMs: STOPPED_AFTER_MS,
    });
    const isTooSoon = (verdict === "stalled" || verdict === "warning") && evidence < LEAST_EVIDENCE;
    return { verdict: isTooSoon ? "ok" : verdict, evidence };
  }

  readonly #factsOf = (key: number): LogFacts | undefined => this.ends.of(key);

  /**
   * What waits from an offset on. Marks of transactions at the end do not; what lies behind an open transaction does.
   */
  #lagOf(key: number, { endOffset }: LogFacts, from: bigint): bigint {
    return from >= endOffset || this.ends.isEmpty(key, from, endOffset) ? 0n : endOffset - from;
  }

  /** For how long something has waited at this offset, as far as seen. */
  #wait(memory: PartitionState, committed: bigint, lag: bigint, nowMs: number): number {
    if (lag === 0n) memory.waiting = null;
    else if (memory.waiting?.committed !== committed) memory.waiting = { committed, sinceMs: nowMs };
    return memory.waiting === null ? 0 : nowMs - memory.waiting.sinceMs;
  }
}

function restingPlace(
  groupId: number,
  key: number,
  facts: LogFacts,
  place: CompactPartitionState,
  topicNamed: (destinationId: number) => string,
): EvaluatedPartition {
  const row = place.row(groupId, key);
  return new EvaluatedPartition(
    topicNamed(row.destinationId),
    row,
    place.evaluation(row),
    NOTHING_WAITS,
    facts,
    false,
    () => place.expand(groupId, key),
  );
}

/** Three figures say all that a rate over a minute knows; less changes, less is written. */
const round = (rate: number): number => Number(rate.toPrecision(3));
