/** One log that is read into Postgres: the log source, its pipeline, and whether both work right now. */
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogSource, LogSourceHandlers } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { TapMetrics } from "#lib/telemetry/metrics.ts";
import type { FlushBuffer } from "./flush-buffer.ts";
import { Pipeline } from "./pipeline.ts";

// A flush makes six round trips to Postgres, and each waits while this thread decodes a batch. By measurement, half
// this size costs a tenth of the rate, and twice this size gains nothing.
const MAX_RECORDS_PER_FLUSH = 32_768;
const MAX_BYTES_PER_FLUSH = 16 * 1024 * 1024;
const CLOSE_WITHIN_MS = 2500;

export interface SourceProgress {
  readonly cluster: string;
  readonly source: "events" | "commits";
  readonly pipeline: Pipeline;
  /** why it does not read right now; null while it reads */
  readonly fault: string | null;
  /** why Postgres does not store what is read; null while it does */
  readonly storeOutage: string | null;
}

export interface SourceOptions extends Pick<SourceProgress, "cluster" | "source"> {
  readonly clusterId: number;
  readonly database: Postgres;
  readonly metrics: TapMetrics;
  readonly log: Logger;
  readonly openLogSource: (log: Logger) => LogSource;
  readonly openBuffer: () => FlushBuffer;
  /** the log's start, for partitions never read before */
  readonly startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly bigint[]>;
  readonly onReading?: () => void;
  /** the broker does not let this group read */
  readonly onNotAuthorized?: () => void;
}

export class Source implements SourceProgress {
  readonly cluster: string;
  readonly source: "events" | "commits";
  readonly pipeline: Pipeline;
  fault: string | null = "not connected yet";
  storeOutage: string | null = null;
  readonly #logSource: LogSource;
  readonly #options: SourceOptions;
  readonly #log: Logger;
  #hasRead = false;

  constructor(options: SourceOptions) {
    this.cluster = options.cluster;
    this.source = options.source;
    this.#options = options;
    this.#log = options.log.child({ cluster: options.cluster, source: options.source });
    this.#logSource = options.openLogSource(this.#log);
    this.pipeline = new Pipeline({
      pool: options.database.pool,
      clusterId: options.clusterId,
      log: this.#log,
      openBuffer: options.openBuffer,
      maxRecords: MAX_RECORDS_PER_FLUSH,
      maxBytes: MAX_BYTES_PER_FLUSH,
      startsOf: options.startsOf,
      seek: (partition, offset) => this.#logSource.seek(partition, offset),
      onOutage: (reason) => (this.storeOutage = reason),
    });
    this.#logSource.start(this.#handlers());
  }

  setTopics(topics: readonly string[]): void {
    this.#logSource.setTopics(topics);
  }

  /** Sets the fault of a source that has never read: such a source cannot find out the reason by itself. */
  setUnreachable(reason: string): void {
    if (!this.#hasRead) this.fault = reason;
  }

  /** Stores what was read, if that succeeds in time. */
  async close(): Promise<void> {
    await this.pipeline.close(CLOSE_WITHIN_MS);
    await this.#logSource.stop();
  }

  #handlers(): LogSourceHandlers {
    return {
      positionsOf: (partitions) => this.pipeline.positionsOf(partitions),
      onBatch: (batch) => this.pipeline.onBatch(batch),
      onRevoked: () => this.pipeline.onRevoked(),
      onGap: (partition, from, to) => this.#onGap(partition, from, to),
      onReading: () => this.#onReading(),
      onFault: (error) => this.#onFault(error),
    };
  }

  #onGap({ topic, partition }: PartitionRef, from: bigint, to: bigint): void {
    this.#options.metrics.missedOffsets.inc({ cluster: this.cluster, topic }, Number(to - from));
    this.#log.error(
      { topic, partition, from: String(from), to: String(to) },
      "retention removed records before they were read",
    );
  }

  #onReading(): void {
    if (this.fault !== null) this.#log.info("reading");
    this.fault = null;
    this.#hasRead = true;
    this.#options.onReading?.();
  }

  #onFault(error: Error): void {
    this.#options.metrics.faults.inc({ cluster: this.cluster, source: this.source });
    if (this.fault !== error.message) this.#log.warn({ err: error }, "reading stopped; trying again");
    this.fault = error.message;
    if (isBrokerFault(error, "not_authorized")) this.#options.onNotAuthorized?.();
  }
}
