/**
 * Where the logs begin and end, now and in the last minute, and which stretches at their ends hold no event. Grows with
 * the partitions, not with time.
 */
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import { RING_SIZE } from "#lib/domain/health/log/judge.ts";
import type { OffsetSample } from "#lib/domain/health/log/time-lag.ts";
import type { OffsetsRow, StalledTransaction } from "#lib/store/destinations/offsets-write.ts";

/**
 * Commits closer than this count as one, so that a ring spans most of a minute however often a group commits.
 */
export const MIN_DISTANCE_MS = 5000;
const WINDOW_MS = RING_SIZE * MIN_DISTANCE_MS;

export interface LogFacts {
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  readonly sizeBytes: bigint | null;
  readonly hasLeader: boolean;
  readonly heldByTransaction: StalledTransaction | null;
}

/** From `from` up to `upTo` there is no event: only transaction markers, or what was rolled back. */
interface Gap {
  readonly from: bigint;
  readonly upTo: bigint;
}

/** For a number that identifies a partition among all; a topic of Kafka has far fewer partitions than that. */
const MOST_PARTITIONS = 2 ** 21;
export const destinationPartitionKey = (destinationId: number, partition: number): number =>
  destinationId * MOST_PARTITIONS + partition;
export const partitionOfKey = (key: number): { readonly destinationId: number; readonly partition: number } => ({
  destinationId: Math.floor(key / MOST_PARTITIONS),
  partition: key % MOST_PARTITIONS,
});

export class LogEnds {
  #facts = new Map<number, LogFacts>();
  #samples = new Map<number, OffsetSample[]>();
  #gaps = new Map<number, Gap>();

  /**
   * The offsets polled at `atMs`. A partition that is not among them keeps what is known of it for as long as its topic
   * exists.
   */
  add(
    rows: readonly OffsetsRow[],
    topics: readonly DestinationInfo[],
    destinationOf: ReadonlyMap<string, number>,
    atMs: number,
  ): void {
    const leaderless = new Set<number>();
    const present = new Set<number>();
    for (const { name: topic, partitions } of topics) {
      const destinationId = destinationOf.get(topic);
      if (destinationId === undefined) continue;
      for (const { partition, leader } of partitions) {
        const key = destinationPartitionKey(destinationId, partition);
        present.add(key);
        if (leader === null) leaderless.add(key);
      }
    }
    for (const row of rows) {
      const key = destinationPartitionKey(row.destinationId, row.partition);
      const facts: LogFacts = {
        endOffset: row.endOffset,
        lastStableOffset: row.lastStableOffset,
        logStartOffset: row.logStartOffset,
        sizeBytes: row.sizeBytes,
        hasLeader: true,
        heldByTransaction: row.heldByTransaction,
      };
      if (!isSame(this.#facts.get(key), facts)) this.#facts.set(key, facts);
      this.#samples.set(key, withSample(this.#samples.get(key) ?? [], row.endOffset, atMs));
    }
    for (const [key, facts] of this.#facts) {
      if (!present.has(key)) for (const memory of [this.#facts, this.#samples, this.#gaps]) memory.delete(key);
      else if (leaderless.has(key) === facts.hasLeader)
        this.#facts.set(key, { ...facts, hasLeader: !leaderless.has(key) });
    }
  }

  /** The very same object for as long as nothing of it changes. */
  of(key: number): LogFacts | undefined {
    return this.#facts.get(key);
  }

  learnGap(key: number, from: bigint, upTo: bigint): void {
    const known = this.#gaps.get(key);
    // The same stretch, found from an earlier offset, or grown.
    const isSame = known !== undefined && from <= known.upTo && upTo >= known.from;
    this.#gaps.set(
      key,
      isSame
        ? { from: from < known.from ? from : known.from, upTo: upTo > known.upTo ? upTo : known.upTo }
        : { from, upTo },
    );
  }

  /** Whether no event lies from one offset up to another. */
  isEmpty(key: number, from: bigint, upTo: bigint): boolean {
    if (from >= upTo) return true;
    const gap = this.#gaps.get(key);
    return gap !== undefined && gap.from <= from && gap.upTo >= upTo;
  }

  /**
   * How many messages wait from an offset on. Transaction markers at the end do not count; what lies behind an open
   * transaction does.
   */
  lagFrom(key: number, { endOffset }: LogFacts, from: bigint): bigint {
    return from >= endOffset || this.isEmpty(key, from, endOffset) ? 0n : endOffset - from;
  }

  /** The last polled end offsets, oldest first. A gap at the end does not count: no group has to commit behind it. */
  samplesOf(key: number): readonly OffsetSample[] {
    const samples = this.#samples.get(key) ?? [];
    const gap = this.#gaps.get(key);
    if (gap === undefined || !samples.some((sample) => sample.offset > gap.from && sample.offset <= gap.upTo))
      return samples;
    return samples.map((sample) =>
      sample.offset > gap.from && sample.offset <= gap.upTo ? { ...sample, offset: gap.from } : sample,
    );
  }
}

function isSame(before: LogFacts | undefined, facts: LogFacts): boolean {
  return (
    before?.endOffset === facts.endOffset &&
    before.lastStableOffset === facts.lastStableOffset &&
    before.logStartOffset === facts.logStartOffset &&
    before.sizeBytes === facts.sizeBytes &&
    before.hasLeader &&
    before.heldByTransaction === null &&
    facts.heldByTransaction === null
  );
}

function withSample(known: readonly OffsetSample[], offset: bigint, atMs: number): OffsetSample[] {
  const samples = known.filter((sample) => sample.atMs > atMs - WINDOW_MS && sample.atMs < atMs);
  // Of equal samples in a row the first and the last say everything.
  if (samples.length > 1 && samples.at(-1)?.offset === offset && samples.at(-2)?.offset === offset) samples.pop();
  samples.push({ offset, atMs });
  return samples;
}
