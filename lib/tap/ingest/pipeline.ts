/**
 * From a broker's batches to Postgres, exactly once. One buffer fills while the other is stored. A flush moves the
 * positions of its partitions by compare-and-set in its own transaction, so two taps can never store the same record.
 *
 * Every record taken has exactly one fate: taken = stored + duplicates + quarantined + returned + waiting.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { AssignedPartition, LogBatch, LogPosition, LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { inFlush, PositionConflict, type PositionMove } from "#lib/store/ingest/flush.ts";
import { readPositions } from "#lib/store/ingest/positions.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { FlushBuffer, ReadPartition } from "./flush-buffer.ts";
import { movesOf, positionOf } from "./position-moves.ts";
import { PostgresOutage } from "./postgres-outage.ts";
import { isRefusal, refusalOf } from "#lib/store/db/refusal.ts";
import { ReadPartitions } from "./read-partitions.ts";
import { storedPositions } from "./stored-positions.ts";

const FLUSH_AFTER_MS = 150;

export interface PipelineCounters {
  taken: number;
  stored: number;
  duplicates: number;
  quarantined: number;
  returned: number;
  flushes: number;
}

export interface PipelineOptions {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly openBuffer: () => FlushBuffer;
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** the log's start, for partitions never read before; null: not known at the moment */
  readonly startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly (bigint | null)[]>;
  readonly seek: (partition: PartitionRef, position: LogPosition) => void;
  /** the reason why Postgres does not take records; null: it does again */
  readonly onOutage?: (reason: string | null) => void;
}

interface Filling {
  readonly buffer: FlushBuffer;
  readonly spans: Map<ReadPartition, bigint>;
}

export class Pipeline {
  readonly counters: PipelineCounters = { taken: 0, stored: 0, duplicates: 0, quarantined: 0, returned: 0, flushes: 0 };
  readonly #options: PipelineOptions;
  readonly #partitions = new ReadPartitions();
  #filling: Filling;
  #spare: Filling;
  #flushing: Promise<void> | null = null;
  #inFlight = 0;
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];
  /** changes whenever the buffer is dropped: a batch that waited for room must then not go on */
  #epoch = 0;
  #suspended = false;
  /** fewer than the option's for as long as a record is looked for that Postgres refuses */
  #maxRecords: number;
  readonly #outage: PostgresOutage;
  #closed = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { log, onOutage } = options;
    this.#maxRecords = options.maxRecords;
    this.#outage = new PostgresOutage({ log, onOutage, waiting: () => this.waiting });
    this.#filling = { buffer: options.openBuffer(), spans: new Map() };
    this.#spare = { buffer: options.openBuffer(), spans: new Map() };
  }

  get waiting(): number {
    return this.#filling.buffer.records + this.#inFlight;
  }

  /** records that the broker holds beyond those taken */
  get behind(): number {
    return this.#partitions.behind;
  }

  /** Where to begin, of partitions that are assigned from now on; null: not known at the moment. */
  async positionsOf(partitions: readonly AssignedPartition[]): Promise<readonly (LogPosition | null)[]> {
    const { pool, startsOf } = this.#options;
    // What was read of them before, as long as they were assigned before, must be stored first.
    await this.#storeAll(new Set(partitions.map(({ generation }) => generation)));
    const stored = await this.#outage.wait(() => storedPositions(pool, partitions, startsOf));
    if (stored === null || this.#closed) return partitions.map(() => null);
    this.#partitions.add(stored.filter((at) => at !== null));
    return stored.map((at) => (at === null ? null : positionOf(at)));
  }

  /** What lay before `to` is gone: reading goes on there. */
  skip(partition: PartitionRef, to: bigint): void {
    const at = this.#partitions.get(partition.topic, partition.partition);
    if (at === undefined || this.#suspended || this.#closed || to <= at.next) return;
    this.#span(at);
    at.next = to;
    this.#schedule();
  }

  /** Stores what was read, closes what the log no longer holds, and reads on from the position that this leaves. */
  async onTruncated(partition: PartitionRef, close: (at: ReadPartition) => Promise<void>): Promise<void> {
    const at = this.#partitions.get(partition.topic, partition.partition);
    if (at === undefined) return;
    await this.#storeAll(new Set([at.destinationId]));
    await this.#outage.wait(() => close(at));
    await this.#readAgain([at]);
  }

  /** These are read by another tap from now on, or by none. What was read of them is stored all the same. */
  release(partitions: readonly PartitionRef[]): void {
    this.#partitions.remove(partitions);
  }

  async onBatch(batch: LogBatch): Promise<void> {
    const at = this.#partitions.get(batch.topic, batch.partition);
    if (at === undefined || this.#suspended || this.#closed) return;
    const epoch = this.#epoch;
    at.endOffset = batch.endOffset;
    // Between must be nothing: a batch was dropped with the buffer, and its source has not gone back yet.
    if (batch.fromOffset > at.next) return this.#options.seek(at, positionOf(at));
    for (let i = 0; i < batch.records.length; ) {
      const record = batch.records[i] as LogRecord;
      if (record.offset < at.next) {
        this.counters.taken++;
        this.counters.duplicates++;
        i++;
        continue;
      }
      const wait = this.#isFull() ? () => this.#room() : this.#filling.buffer.add(at, record);
      if (wait !== null) {
        const failure = await this.#outage.wait(() => refusalOf(wait(batch.records.slice(i))));
        if (epoch !== this.#epoch || this.#closed || !this.#isAssigned(at)) return;
        if (failure === undefined || failure === null) continue;
        this.#options.log.error({ err: failure }, "Postgres refused a record's content; it is quarantined");
        this.#filling.buffer.quarantine(at, record, `Postgres refused it: ${failure.message}`);
      }
      this.counters.taken++;
      this.#span(at);
      // Records of one transaction may all count at the offset of its end: the last of them moves the position.
      if (batch.records[++i]?.offset !== record.offset) at.next = record.offset + 1n;
    }
    if (batch.nextOffset > at.next) {
      this.#span(at);
      at.next = batch.nextOffset;
    }
    at.resumeFrom = batch.resumeFrom;
    at.leaderEpoch = batch.leaderEpoch;
    this.#schedule();
  }

  /** Stores the buffer if that succeeds in time, and takes no more records. */
  async close(withinMs: number): Promise<void> {
    if (this.#filling.spans.size > 0) this.#flush();
    const deadline = sleep(withinMs);
    while (this.#flushing !== null && !this.#closed) {
      await Promise.race([this.#flushing, deadline.then(() => this.#stop())]);
      if (!this.#closed && this.#filling.spans.size > 0) this.#flush();
    }
    this.#stop();
    this.#partitions.clear();
    this.#drop();
  }

  #stop(): void {
    this.#closed = true;
    this.#outage.close();
  }

  #span(at: ReadPartition): void {
    if (!this.#filling.spans.has(at)) this.#filling.spans.set(at, at.next);
  }

  #isAssigned(at: ReadPartition): boolean {
    return this.#partitions.get(at.topic, at.partition) === at;
  }

  /** Stores what the buffers hold of these destinations. */
  async #storeAll(destinations: ReadonlySet<number>): Promise<void> {
    const isWaiting = () => [...this.#filling.spans.keys()].some((at) => destinations.has(at.destinationId));
    await this.#flushing;
    while (isWaiting() && !this.#closed) {
      this.#flush();
      await this.#flushing;
    }
  }

  #isFull(): boolean {
    const { records, bytes } = this.#filling.buffer;
    return records >= this.#maxRecords || bytes >= this.#options.maxBytes;
  }

  #room(): Promise<void> {
    this.#schedule();
    if (!this.#isFull()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #schedule(): void {
    if (this.#flushing !== null || this.#filling.spans.size === 0) return;
    if (this.#isFull()) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#flushing !== null || this.#filling.spans.size === 0) return;
    const full = this.#filling;
    this.#filling = this.#spare;
    this.#inFlight = full.buffer.records;
    this.#flushing = this.#store(full, movesOf(full.spans)).finally(() => {
      this.#inFlight = 0;
      full.buffer.clear();
      full.spans.clear();
      this.#spare = full;
      this.#flushing = null;
      this.#wake();
      this.#schedule();
    });
    this.#wake();
  }

  async #store({ buffer }: Filling, moves: readonly PositionMove[]): Promise<void> {
    const outcome = await this.#outage.wait(async () => {
      try {
        await inFlush(this.#options.pool, moves, (flush) => buffer.write(flush));
        return "stored";
      } catch (error) {
        if (error instanceof PositionConflict) return "taken-over";
        if (!isRefusal(error)) throw error;
        if (buffer.records > 1) return "refused";
        this.#options.log.error({ err: error }, "Postgres refused a record's content; it is quarantined");
        buffer.refuse(error.message);
        throw error;
      }
    });
    if (outcome === "stored") {
      const { stored, quarantined } = buffer.stored();
      this.counters.stored += stored;
      this.counters.quarantined += quarantined;
      this.counters.flushes++;
      this.#maxRecords = Math.min(this.#maxRecords * 2, this.#options.maxRecords);
      return;
    }
    this.counters.returned += buffer.records;
    // One of these records is at fault: they are read again, half as many at a time, until it stands alone.
    if (outcome === "refused") this.#maxRecords = Math.max(1, buffer.records >> 1);
    if (outcome !== null) await this.#goBack(outcome);
  }

  /**
   * Another tap has stored some of these records, or the answer to our own commit was lost: drop the buffer and read on
   * from the stored positions.
   */
  async #goBack(why: "taken-over" | "refused"): Promise<void> {
    this.#drop();
    const partitions = this.#partitions.all();
    if (why === "taken-over") {
      const counts = { partitions: partitions.length };
      this.#options.log.warn(counts, "positions were moved by another tap; reading on from what is stored");
    }
    this.#suspended = true;
    await this.#readAgain(partitions);
    this.#suspended = false;
  }

  async #readAgain(partitions: readonly ReadPartition[]): Promise<void> {
    const { pool, seek } = this.#options;
    const stored = await this.#outage.wait(() => readPositions(pool, partitions));
    stored?.forEach((position, i) => {
      const at = partitions[i] as ReadPartition;
      if (position === null || !this.#isAssigned(at)) return;
      Object.assign(at, position);
      seek(at, positionOf(at));
    });
  }

  #drop(): void {
    this.#epoch++;
    this.counters.returned += this.#filling.buffer.records;
    this.#filling.buffer.clear();
    this.#filling.spans.clear();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
