/**
 * From a broker's batches to Postgres, exactly once. One buffer fills while the other is stored; a flush moves the
 * positions of what it holds by compare-and-set in its own transaction, so two taps can never store the same record.
 *
 * Every record that was taken has one fate, always: taken = stored + duplicates + quarantined + returned + waiting.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { LogBatch, LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { inFlush, PositionConflict, type Flush, type PositionMove } from "#lib/store/ingest/flush.ts";
import { insertPositions, readPositions } from "#lib/store/ingest/positions.ts";
import type { Logger } from "#lib/telemetry/log.ts";

const FLUSH_AFTER_MS = 200;
const BACKOFF_MS = { first: 200, last: 2000 } as const;
const REPORT_OUTAGE_EVERY_MS = 30_000;

export interface ReadPartition {
  readonly destinationId: number;
  readonly topic: string;
  readonly partition: number;
  /** the offset that is taken next */
  next: bigint;
  endOffset: bigint;
}

/** What a pipeline collects between two flushes. */
export interface FlushBuffer {
  /** records taken, of any fate */
  readonly records: number;
  readonly bytes: number;
  /** null when taken; else what must be done before the same record is offered again */
  add(partition: ReadPartition, record: LogRecord): (() => Promise<void>) | null;
  write(flush: Flush): Promise<void>;
  /** after the transaction is committed */
  stored(): { readonly stored: number; readonly quarantined: number };
  /**
   * makes of all that cannot be stored something that can; called when Postgres refuses the content, not the connection
   */
  refuse(reason: string): void;
  clear(): void;
}

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
  readonly clusterId: number;
  readonly log: Logger;
  readonly openBuffer: () => FlushBuffer;
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** the log's start, for partitions never seen before */
  readonly startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly bigint[]>;
  readonly seek: (partition: PartitionRef, offset: bigint) => void;
  /** Postgres has gone (why) or is back (null) */
  readonly onOutage?: (reason: string | null) => void;
}

interface Filling {
  readonly buffer: FlushBuffer;
  readonly spans: Map<ReadPartition, bigint>;
}

export class Pipeline {
  readonly counters: PipelineCounters = { taken: 0, stored: 0, duplicates: 0, quarantined: 0, returned: 0, flushes: 0 };
  readonly #options: PipelineOptions;
  #partitions = new Map<string, Map<number, ReadPartition>>();
  #filling: Filling;
  #spare: Filling;
  #flushing: Promise<void> | null = null;
  #inFlight = 0;
  #timer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];
  /** changes whenever what is buffered was dropped: who waited for room must not go on */
  #epoch = 0;
  #suspended = false;
  /** pieces of work that wait for Postgres */
  #failing = 0;
  #closed = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#filling = { buffer: options.openBuffer(), spans: new Map() };
    this.#spare = { buffer: options.openBuffer(), spans: new Map() };
  }

  get waiting(): number {
    return this.#filling.buffer.records + this.#inFlight;
  }

  /** How many records the broker holds beyond what was taken. */
  get behind(): number {
    let behind = 0;
    for (const at of this.#reading()) behind += Math.max(0, Number(at.endOffset - at.next));
    return behind;
  }

  async positionsOf(partitions: readonly PartitionRef[]): Promise<readonly bigint[]> {
    const epoch = this.#epoch;
    // What is being stored right now must be known before reading goes on behind it.
    await this.#flushing;
    const stored = await this.#untilAnswered(() => this.#readOrMake(partitions));
    if (stored === null || epoch !== this.#epoch) return partitions.map(() => 0n);
    this.#partitions = new Map();
    for (const at of stored) {
      const known = this.#partitions.get(at.topic) ?? new Map<number, ReadPartition>();
      known.set(at.partition, { ...at, endOffset: at.next });
      this.#partitions.set(at.topic, known);
    }
    return stored.map(({ next }) => next);
  }

  async #readOrMake(
    partitions: readonly PartitionRef[],
  ): Promise<{ destinationId: number; topic: string; partition: number; next: bigint }[]> {
    const { pool, clusterId, startsOf } = this.#options;
    const found = await readPositions(pool, clusterId, partitions);
    const unseen = found.filter((at) => at.next === null);
    if (unseen.length > 0) {
      const starts = await startsOf(unseen);
      await insertPositions(
        pool,
        unseen.map((at, i) => ({ ...at, next: starts[i] ?? 0n })),
      );
    }
    // Read again: another tap may have been first.
    return (unseen.length > 0 ? await readPositions(pool, clusterId, partitions) : found).map((at) => ({
      ...at,
      next: at.next ?? 0n,
    }));
  }

  async onBatch(batch: LogBatch): Promise<void> {
    const at = this.#partitions.get(batch.topic)?.get(batch.partition);
    if (at === undefined || this.#suspended || this.#closed) return;
    const { records } = batch;
    const epoch = this.#epoch;
    at.endOffset = batch.endOffset;
    for (let i = 0; i < records.length; ) {
      const record = records[i] as LogRecord;
      if (record.offset < at.next) {
        this.counters.taken++;
        this.counters.duplicates++;
        i++;
        continue;
      }
      const wait = this.#isFull() ? () => this.#room() : this.#filling.buffer.add(at, record);
      if (wait === null) {
        this.counters.taken++;
        this.#span(at);
        at.next = record.offset + 1n;
        i++;
        continue;
      }
      await this.#untilAnswered(wait);
      if (epoch !== this.#epoch || this.#closed) return;
    }
    if (batch.nextOffset > at.next) {
      this.#span(at);
      at.next = batch.nextOffset;
    }
    this.#schedule();
  }

  onRevoked(): void {
    this.#epoch++;
    this.#partitions = new Map();
    this.#drop();
  }

  /** Stores what is buffered if that is possible in time, and takes nothing more. */
  async close(withinMs: number): Promise<void> {
    if (this.#filling.spans.size > 0) this.#flush();
    const deadline = sleep(withinMs);
    while (this.#flushing !== null && !this.#closed) {
      await Promise.race([this.#flushing, deadline.then(() => (this.#closed = true))]);
      if (!this.#closed && this.#filling.spans.size > 0) this.#flush();
    }
    this.#closed = true;
    this.onRevoked();
  }

  *#reading(): Generator<ReadPartition> {
    for (const partitions of this.#partitions.values()) yield* partitions.values();
  }

  #span(at: ReadPartition): void {
    if (!this.#filling.spans.has(at)) this.#filling.spans.set(at, at.next);
  }

  #isFull(): boolean {
    const { records, bytes } = this.#filling.buffer;
    return records >= this.#options.maxRecords || bytes >= this.#options.maxBytes;
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
    const moves = [...full.spans].map(
      ([at, from]): PositionMove => ({ destinationId: at.destinationId, partition: at.partition, from, to: at.next }),
    );
    this.#flushing = this.#store(full, moves).finally(() => {
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
    moves = [...moves].sort((a, b) => a.destinationId - b.destinationId || a.partition - b.partition);
    const outcome = await this.#untilAnswered(async () => {
      try {
        await inFlush(this.#options.pool, moves, (flush) => buffer.write(flush));
        return "stored";
      } catch (error) {
        if (error instanceof PositionConflict) return "taken-over";
        // Class 22: Postgres cannot hold what a record says. Trying again would stop everything behind it for good.
        if (!/^22/.test((error as { code?: string }).code ?? "")) throw error;
        this.#options.log.error({ err: error }, "Postgres refused the content of a flush; its records are quarantined");
        buffer.refuse(error instanceof Error ? error.message : String(error));
        throw error;
      }
    });
    if (outcome === "stored") {
      const { stored, quarantined } = buffer.stored();
      this.counters.stored += stored;
      this.counters.quarantined += quarantined;
      this.counters.flushes++;
      return;
    }
    this.counters.returned += buffer.records;
    if (outcome === "taken-over") await this.#goBack();
  }

  /**
   * Another tap stored records of ours (or our own answer was lost): drop everything and read on from what is stored.
   */
  async #goBack(): Promise<void> {
    this.#epoch++;
    this.#drop();
    const partitions = [...this.#reading()];
    this.#options.log.warn(
      { partitions: partitions.length },
      "positions were moved by another tap; reading on from what is stored",
    );
    this.#suspended = true;
    const stored = await this.#untilAnswered(() =>
      readPositions(this.#options.pool, this.#options.clusterId, partitions),
    );
    this.#suspended = false;
    stored?.forEach(({ next }, i) => {
      const at = partitions[i] as ReadPartition;
      if (next === null || this.#partitions.get(at.topic)?.get(at.partition) !== at) return;
      at.next = next;
      this.#options.seek(at, next);
    });
  }

  #drop(): void {
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

  /** Repeats the work until it succeeds: an outage of Postgres of any length is waited for. null once closed. */
  async #untilAnswered<T>(work: () => Promise<T>): Promise<T | null> {
    let backoffMs: number = BACKOFF_MS.first;
    let reportedAt: number | null = null;
    for (;;) {
      try {
        const result = await work();
        if (reportedAt !== null && --this.#failing === 0) this.#options.onOutage?.(null);
        return result;
      } catch (error) {
        if (this.#closed) return null;
        if (reportedAt === null) this.#failing++;
        if (reportedAt === null || Date.now() - reportedAt > REPORT_OUTAGE_EVERY_MS) {
          this.#options.log.warn({ err: error, waiting: this.waiting }, "storing has to wait; trying again");
          this.#options.onOutage?.(error instanceof Error ? error.message : String(error));
          reportedAt = Date.now();
        }
        await sleep(backoffMs);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
      }
    }
  }
}
