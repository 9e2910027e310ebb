/**
 * The state of a group partition that is idle, or was not evaluated yet, in one array of numbers. Of the hundreds of
 * thousands of group partitions of a large cluster most are idle for days. A full state takes one or two kilobytes of a
 * heap that the garbage collector goes through again and again.
 */
import { RING_SIZE, type CommitRing } from "#lib/domain/health/log/judge.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import { partitionOfKey, type LogFacts } from "./log-ends.ts";
import type { PartitionState } from "./partition-state.ts";

/** Indexes into the array, in which null is NaN. The commits of the ring come last. */
const COMMITTED = 0;
const COMMITTED_AT_MS = 1;
const MOVED_AT_MS = 2;
const CAUGHT_UP_AT_MS = 3;
const PREVIOUS = 4;
const LAST = 5;
const PACED_COMMITTED = 6;
const PACED_END = 7;
const WRITTEN_AT_MS = 8;
const WRITTEN_EVIDENCE = 9;
const RING = 10;
const NUMBERS_PER_COMMIT = 3;

/** A consumer may commit any offset. A state with one that a number cannot hold exactly is not made compact. */
const isExact = (offset: bigint | null): boolean => offset === null || BigInt.asIntN(54, offset) === offset;
const packed = (value: bigint | number | null): number => (value === null ? NaN : Number(value));
const unpacked = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;
const offsetOf = (value: number | undefined): bigint | null =>
  value === undefined || Number.isNaN(value) ? null : BigInt(value);

export class CompactPartitionState {
  /** the log as it was at the last evaluation; null: the state has changed since, or was never evaluated */
  #facts: LogFacts | null;
  #memberId: string | null;
  readonly #numbers: number[];
  lastRead: number;

  private constructor(facts: LogFacts | null, memberId: string | null, numbers: number[], lastRead: number) {
    this.#facts = facts;
    this.#memberId = memberId;
    this.#numbers = numbers;
    this.lastRead = lastRead;
  }

  /** Null where the state does not fit. `isWritten`: the evaluation written last is the one of an idle partition. */
  static of(state: PartitionState, facts: LogFacts | null, isWritten: boolean): CompactPartitionState | null {
    const { row, ring, last, previous, paced, written } = state;
    if (state.waiting !== null || state.rewind !== null || state.skip !== null) return null;
    if (
      ![row.committedOffset, previous, last, paced?.committed ?? null, paced?.end ?? null].every(isExact) ||
      !ring.every((commit) => isExact(commit.offset) && isExact(commit.lagMessages))
    )
      return null;
    // Created with its final length and filled with numbers only: V8 then holds it as an array of bare doubles.
    const numbers = new Array<number>(RING + NUMBERS_PER_COMMIT * ring.length).fill(NaN);
    numbers[CAUGHT_UP_AT_MS] = packed(state.caughtUpAtMs);
    numbers[PREVIOUS] = packed(previous);
    numbers[LAST] = packed(last);
    numbers[PACED_COMMITTED] = packed(paced?.committed ?? null);
    numbers[PACED_END] = packed(paced?.end ?? null);
    numbers[WRITTEN_AT_MS] = isWritten && written !== null ? written.atMs : NaN;
    numbers[WRITTEN_EVIDENCE] = written?.evaluation.evidence ?? NaN;
    for (const [i, commit] of ring.entries()) {
      const at = RING + NUMBERS_PER_COMMIT * i;
      numbers[at] = packed(commit.offset);
      numbers[at + 1] = commit.atMs;
      numbers[at + 2] = packed(commit.lagMessages);
    }
    const compact = new CompactPartitionState(facts, null, numbers, state.lastRead);
    compact.#setRow(row);
    return compact;
  }

  /** Whether neither the log nor the state has changed since the last evaluation. */
  isUpToDate(facts: LogFacts): boolean {
    return this.#facts === facts;
  }

  /** Whether events may wait on the log as it is now. */
  mayLag(facts: LogFacts): boolean {
    const { committedOffset } = this;
    return !this.isUpToDate(facts) && committedOffset !== null && committedOffset < facts.endOffset;
  }

  get committedOffset(): bigint | null {
    return offsetOf(this.#numbers[COMMITTED]);
  }

  get writtenAtMs(): number | null {
    return unpacked(this.#numbers[WRITTEN_AT_MS]);
  }

  /** The evaluation of the idle partition is written now. */
  setWritten(atMs: number): void {
    this.#numbers[WRITTEN_AT_MS] = atMs;
    this.#numbers[WRITTEN_EVIDENCE] = this.#evidence;
  }

  row(groupId: number, key: number): PartitionStateRow {
    return {
      groupId,
      ...partitionOfKey(key),
      committedOffset: this.committedOffset,
      committedAtMs: unpacked(this.#numbers[COMMITTED_AT_MS]),
      movedAtMs: unpacked(this.#numbers[MOVED_AT_MS]),
      memberId: this.#memberId,
    };
  }

  /** Takes the row in. False: it does not fit, and the state must be expanded. */
  put(row: PartitionStateRow, read: number): boolean {
    if (!isExact(row.committedOffset)) return false;
    this.lastRead = read;
    if (!this.#hasRow(row)) {
      this.#facts = null;
      this.#setRow(row);
    }
    return true;
  }

  /** Nothing waits, nothing is written and nothing consumed. */
  evaluation({ groupId, destinationId, partition }: PartitionStateRow): PartitionEvaluation {
    return {
      groupId,
      destinationId,
      partition,
      lagMessages: 0n,
      timeLagMs: 0,
      timeLagIsFloor: false,
      verdict: "ok",
      evidence: this.#evidence,
      inRate: 0,
      outRate: 0,
      catchUpSeconds: null,
      dataLossSeconds: null,
      lostMessages: 0n,
      flag: null,
    };
  }

  /** The full state as it was, but for what has no meaning after an idle time. */
  expand(groupId: number, key: number): PartitionState {
    const row = this.row(groupId, key);
    const { writtenAtMs } = this;
    const end = offsetOf(this.#numbers[PACED_END]);
    return {
      row,
      ring: this.#ring(),
      last: offsetOf(this.#numbers[LAST]),
      pace: [],
      paced: end === null ? null : { committed: offsetOf(this.#numbers[PACED_COMMITTED]), end },
      head: null,
      waiting: null,
      askedAtMs: 0,
      caughtUpAtMs: unpacked(this.#numbers[CAUGHT_UP_AT_MS]),
      heldAtMs: null,
      previous: offsetOf(this.#numbers[PREVIOUS]),
      rewind: null,
      skip: null,
      written:
        writtenAtMs === null
          ? null
          : {
              evaluation: { ...this.evaluation(row), evidence: this.#numbers[WRITTEN_EVIDENCE] ?? 0 },
              atMs: writtenAtMs,
            },
      lastRead: this.lastRead,
    };
  }

  #hasRow(row: PartitionStateRow): boolean {
    return (
      unpacked(this.#numbers[COMMITTED_AT_MS]) === row.committedAtMs &&
      unpacked(this.#numbers[MOVED_AT_MS]) === row.movedAtMs &&
      this.#memberId === row.memberId &&
      this.committedOffset === row.committedOffset
    );
  }

  #setRow(row: PartitionStateRow): void {
    this.#numbers[COMMITTED] = packed(row.committedOffset);
    this.#numbers[COMMITTED_AT_MS] = packed(row.committedAtMs);
    this.#numbers[MOVED_AT_MS] = packed(row.movedAtMs);
    this.#memberId = row.memberId;
  }

  get #commits(): number {
    return (this.#numbers.length - RING) / NUMBERS_PER_COMMIT;
  }

  get #evidence(): number {
    return Math.max(1, this.#commits) / RING_SIZE;
  }

  #ring(): CommitRing {
    return Array.from({ length: this.#commits }, (_, i) => {
      const at = RING + NUMBERS_PER_COMMIT * i;
      return {
        offset: offsetOf(this.#numbers[at]) ?? 0n,
        atMs: this.#numbers[at + 1] ?? 0,
        lagMessages: offsetOf(this.#numbers[at + 2]),
      };
    });
  }
}
