/** What must be remembered from one look at a cluster to the next in order to judge its groups. Grows with their partitions, not with time. */
import { addCommit, judgeGroup, judgePartition, RING_SIZE, type CommitRing } from "#lib/domain/lag/judge.ts";
import { reasonOf } from "#lib/domain/lag/reason.ts";
import { endOffsetAt, timeLag, type OffsetSample, type TimeLag } from "#lib/domain/lag/time-lag.ts";
import { severityOf, worstVerdict } from "#lib/domain/lag/verdict.ts";
import type { CommitSeen, GroupJudgement, HeadSample, LagPoint, PartitionJudgement, StandingRow } from "#lib/store/inspect-standings.ts";
import { GroupRates } from "./group-rates.ts";

/** Commits closer than this count as one, so that a ring spans the better part of a minute however often a group commits. */
const MIN_DISTANCE_MS = 5000;
const WINDOW_MS = RING_SIZE * MIN_DISTANCE_MS;
const STOPPED_AFTER_MS = 30_000;
/** Two or three commits of a group that has just begun look stalled or slow and mean nothing. */
const LEAST_EVIDENCE = 0.5;

export interface GroupFacts {
  readonly name: string;
  readonly topicOf: (destinationId: number) => string;
  readonly memberCount: number;
  readonly state: string;
  readonly recentFailures: number;
}

export interface Judgements {
  readonly partitions: PartitionJudgement[];
  readonly groups: GroupJudgement[];
  readonly points: LagPoint[];
}

export const endKey = (destinationId: number, partition: number): string => `${destinationId}/${partition}`;
const rowKey = (row: { readonly groupId: number; readonly destinationId: number; readonly partition: number }): string => `${row.groupId}/${row.destinationId}/${row.partition}`;

export class Standings {
  readonly #allowedLagMessages: bigint;
  #rings = new Map<string, CommitRing>();
  #ends = new Map<string, OffsetSample[]>();
  #heads = new Map<string, { readonly committedOffset: bigint; readonly samples: readonly OffsetSample[] }>();
  readonly #rates = new GroupRates();

  constructor(allowedLagMessages: bigint) {
    this.#allowedLagMessages = allowedLagMessages;
  }

  /** Where logs end, asked at `atMs`. */
  addEnds(ends: ReadonlyMap<string, bigint>, atMs: number): void {
    const kept = new Map<string, OffsetSample[]>();
    for (const [key, offset] of ends) {
      const samples = (this.#ends.get(key) ?? []).filter((sample) => sample.atMs > atMs - WINDOW_MS && sample.atMs < atMs);
      // Of a stretch that stands still its two ends say all.
      if (samples.length > 1 && samples.at(-1)?.offset === offset && samples.at(-2)?.offset === offset) samples.pop();
      samples.push({ offset, atMs });
      kept.set(key, samples);
    }
    this.#ends = kept;
  }

  /** Commits in their order. Where the log ended at the time of an old one is not known, unless it was at the end of today's. */
  addCommits(commits: readonly CommitSeen[]): void {
    for (const commit of commits) {
      const ends = this.#ends.get(endKey(commit.destinationId, commit.partition)) ?? [];
      const end = endOffsetAt(ends, commit.atMs) ?? ends.at(-1)?.offset ?? null;
      const known = end !== null && (end <= commit.offset || commit.atMs >= (ends[0]?.atMs ?? Infinity));
      const lagMessages = !known ? null : end > commit.offset ? end - commit.offset : 0n;
      const key = rowKey(commit);
      this.#rings.set(key, addCommit(this.#rings.get(key) ?? [], { offset: commit.offset, atMs: commit.atMs, lagMessages }, MIN_DISTANCE_MS));
    }
  }

  /** The partitions with waiting events whose first one's time is not known yet, the longest queue first. */
  headsWanted(rows: readonly StandingRow[], limit: number): StandingRow[] {
    const wanted = rows.filter((row) => this.#lagOf(row) > 0n && this.#heads.get(rowKey(row))?.committedOffset !== row.committedOffset);
    return wanted.sort((a, b) => Number(this.#lagOf(b) - this.#lagOf(a))).slice(0, limit);
  }

  addHeads(rows: readonly StandingRow[], heads: readonly HeadSample[]): void {
    const found = new Map(heads.map((head) => [endKey(head.destinationId, head.partition) + `/${head.committedOffset}`, head]));
    for (const row of rows) {
      const head = found.get(`${endKey(row.destinationId, row.partition)}/${row.committedOffset}`);
      if (head !== undefined) this.#heads.set(rowKey(row), { committedOffset: row.committedOffset, samples: [{ offset: head.firstPosition, atMs: head.firstAtMs }, ...(head.lastPosition > head.firstPosition ? [{ offset: head.lastPosition, atMs: head.lastAtMs }] : [])] });
    }
  }

  judge(rows: readonly StandingRow[], groups: ReadonlyMap<number, GroupFacts>, nowMs: number): Judgements {
    this.#forgetOthers(rows);
    const known = rows.filter((row) => groups.has(row.groupId) && this.#ends.has(endKey(row.destinationId, row.partition)));
    this.#rates.add(known.map((row) => ({ groupId: row.groupId, key: rowKey(row), committed: row.committedOffset, end: this.#endOf(row) ?? 0n })), nowMs);
    const partitions = known.map((row) => this.#judgePartition(row, nowMs));
    const standingOf = new Map(known.map((row) => [rowKey(row), row]));
    const judgements: Judgements = { partitions, groups: [], points: [] };
    for (const [groupId, own] of Map.groupBy(partitions, (partition) => partition.groupId)) {
      const facts = groups.get(groupId);
      if (facts === undefined) continue;
      judgements.groups.push(this.#judgeGroup(groupId, own, standingOf, facts, nowMs));
      for (const [destinationId, onIt] of Map.groupBy(own, (partition) => partition.destinationId)) {
        judgements.points.push({ groupId, destinationId, ...sumUp(onIt), memberCount: facts.memberCount, verdict: worstVerdict(onIt.map((partition) => partition.verdict)) });
      }
    }
    return judgements;
  }

  #judgePartition(row: StandingRow, nowMs: number): PartitionJudgement {
    const samples = this.#ends.get(endKey(row.destinationId, row.partition)) ?? [];
    // A commit older than what the ring was rebuilt from still says where the group stands.
    const ring = this.#rings.get(rowKey(row)) ?? [{ offset: row.committedOffset, atMs: row.committedAtMs, lagMessages: null }];
    const judged = judgePartition({ ring, endOffsets: samples.map((sample) => sample.offset), nowMs, allowedLagMessages: this.#allowedLagMessages, stoppedAfterMs: STOPPED_AFTER_MS });
    const tooSoon = (judged.verdict === "stalled" || judged.verdict === "warning") && judged.evidence < LEAST_EVIDENCE;
    const waits = this.#timeLagOf(row, nowMs);
    return { groupId: row.groupId, destinationId: row.destinationId, partition: row.partition, lagMessages: this.#lagOf(row), timeLagMs: waits?.ms ?? null, timeLagIsFloor: waits?.isFloor ?? false, verdict: tooSoon ? "ok" : judged.verdict, evidence: judged.evidence };
  }

  #judgeGroup(groupId: number, own: readonly PartitionJudgement[], standingOf: ReadonlyMap<string, StandingRow>, facts: GroupFacts, nowMs: number): GroupJudgement {
    const { verdict, evidence } = judgeGroup(own.flatMap((partition) => (partition.verdict === "unknown" ? [] : [{ verdict: partition.verdict, evidence: partition.evidence }])));
    const { lagMessages, timeLagMs } = sumUp(own);
    const { inRate, outRate } = this.#rates.of(groupId);
    const reason = reasonOf({
      group: facts.name, verdict, memberCount: facts.memberCount, state: facts.state, inRate, outRate, lagMessages, timeLagMs, nowMs,
      partitions: own.map((partition) => {
        const row = standingOf.get(rowKey(partition));
        return { topic: facts.topicOf(partition.destinationId), partition: partition.partition, verdict: partition.verdict, lagMessages: partition.lagMessages, committedOffset: row?.committedOffset ?? 0n, movedAtMs: row?.movedAtMs ?? null };
      }),
    });
    return { groupId, verdict, evidence, reason, severity: severityOf(verdict, facts.recentFailures), lagMessages, timeLagMs, inRate, outRate };
  }

  #endOf(row: StandingRow): bigint | undefined {
    return this.#ends.get(endKey(row.destinationId, row.partition))?.at(-1)?.offset;
  }

  #lagOf(row: StandingRow): bigint {
    const end = this.#endOf(row);
    return end !== undefined && end > row.committedOffset ? end - row.committedOffset : 0n;
  }

  #timeLagOf(row: StandingRow, nowMs: number): TimeLag | null {
    const head = this.#heads.get(rowKey(row));
    const lag = this.#lagOf(row);
    if (lag === 0n) return { ms: 0, isFloor: false };
    // Not in the index: the tap has not read it yet, or never did.
    if (head?.committedOffset !== row.committedOffset) return { ms: 0, isFloor: true };
    return timeLag(row.committedOffset, row.committedOffset + lag, head.samples, nowMs);
  }

  #forgetOthers(rows: readonly StandingRow[]): void {
    const present = new Set(rows.map(rowKey));
    for (const memory of [this.#rings, this.#heads]) for (const key of memory.keys()) if (!present.has(key)) memory.delete(key);
  }
}

function sumUp(partitions: readonly PartitionJudgement[]): { lagMessages: bigint; timeLagMs: number | null } {
  const waits = partitions.flatMap((partition) => partition.timeLagMs ?? []);
  return { lagMessages: partitions.reduce((sum, partition) => sum + partition.lagMessages, 0n), timeLagMs: waits.length === 0 ? null : waits.reduce((most, ms) => Math.max(most, ms)) };
}
