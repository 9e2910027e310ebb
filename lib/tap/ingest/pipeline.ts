/**
 * From a broker's batches to Postgres, exactly once. One buffer fills while the other is stored. A flush moves the
 * positions of its partitions by compare-and-set in its own transaction, so two taps can never store the same record.
 *
 * Every record taken has exactly one fate: taken = stored + duplicates + quarantined + returned + waiting.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { LogBatch, LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { inFlush, PositionConflict, type PositionMove } from "#lib/store/ingest/flush.ts";
import { readPositions } from "#lib/store/ingest/positions.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { FlushBuffer, ReadPartition } from "./flush-buffer.ts";
import { PostgresOutage } from "./postgres-outage.ts";
import { ReadPartitions } from "./read-partitions.ts";
import { storedPositions } from "./stored-positions.ts";

const FLUSH_AFTER_MS = 200;

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
  /** the log's start, for partitions never read before */
  readonly startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly bigint[]>;
  readonly seek: (partition: PartitionRef, offset: bigint) => void;
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
  readonly #outage: PostgresOutage;
  #closed = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { log, onOutage } = options;
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

  async positionsOf(partitions: readonly PartitionRef[]): Promise<readonly bigint[]> {
    const { pool, clusterId, startsOf } = this.#options;
    const epoch = this.#epoch;
    // Reading goes on behind the flush that is running, so its outcome must be known first.
    await this.#flushing;
    const stored = await this.#outage.wait(() => storedPositions(pool, clusterId, partitions, startsOf));
    if (stored === null || epoch !== this.#epoch) return partitions.map(() => 0n);
    this.#partitions.assign(stored);
    return stored.map(({ next }) => next);
  }

  async onBatch(batch: LogBatch): Promise<void> {
    const at = this.#partitions.get(batch.topic, batch.partition);
    if (at === undefined || this.#suspended || this.#closed) return;
    const epoch = this.#epoch;
    at.endOffset = batch.endOffset;
    for (let i = 0; i < batch.records.length; ) {
      const record = batch.records[i] as LogRecord;
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
      await this.#outage.wait(wait);
      if (epoch !== this.#epoch || this.#closed) return;
    }
    if (batch.nextOffset > at.next) {
      this.#span(at);
      at.next = batch.nextOffset;
    }
    this.#schedule();
  }

  onRevoked(): void {
    this.#partitions.clear();
    this.#drop();
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
    this.onRevoked();
  }

  #stop(): void {
    this.#closed = true;
    this.#outage.close();
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
    const moves = [...full.spans]
      .map(([{ destinationId, partition, next }, from]): PositionMove => ({ destinationId, partition, from, to: next }))
      .sort((a, b) => a.destinationId - b.destinationId || a.partition - b.partition);
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
    const outcome = await this.#outage.wait(async () => {
      try {
        await inFlush(this.#options.pool, moves, (flush) => buffer.write(flush));
        return "stored";
      } catch (error) {
        if (error instanceof PositionConflict) return "taken-over";
        // SQLSTATE class 22, data exception: no retry can succeed, and every later record would wait
        // behind it for good.
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
   * Another tap has stored some of these records, or the answer to our own commit was lost: drop the buffer and read on
   * from the stored positions.
   */
  async #goBack(): Promise<void> {
    this.#drop();
    const { pool, clusterId, log, seek } = this.#options;
    const partitions = this.#partitions.all();
    const counts = { partitions: partitions.length };
    log.warn(counts, "positions were moved by another tap; reading on from what is stored");
    this.#suspended = true;
    const stored = await this.#outage.wait(() => readPositions(pool, clusterId, partitions));
    this.#suspended = false;
    stored?.forEach(({ next }, i) => {
      const at = partitions[i] as ReadPartition;
      if (next === null || this.#partitions.get(at.topic, at.partition) !== at) return;
      at.next = next;
      seek(at, next);
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
