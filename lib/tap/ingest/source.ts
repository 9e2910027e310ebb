/** One log that is read into Postgres: the log source, its pipeline, and whether both work right now. */
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type {
  AssignedPartition,
  LogSource,
  LogSourceHandlers,
  LogSourceOptions,
} from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import { closeTruncatedEnd } from "#lib/store/ingest/truncated-log.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { TapMetrics } from "#lib/telemetry/metrics.ts";
import type { FlushBuffer } from "./flush-buffer.ts";
import { PartitionFaults } from "./partition-faults.ts";
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
  /** why it reads nothing right now; null while it reads */
  readonly fault: string | null;
  /** how many of its partitions are not read right now */
  readonly faultyPartitions: number;
  /** why Postgres does not store what is read; null while it does */
  readonly storeOutage: string | null;
}

export interface SourceOptions extends Pick<SourceProgress, "cluster" | "source"> {
  readonly database: Postgres;
  readonly metrics: TapMetrics;
  readonly log: Logger;
  readonly openLogSource: (log: Logger, options?: LogSourceOptions) => LogSource;
  readonly logSourceOptions?: LogSourceOptions;
  readonly openBuffer: () => FlushBuffer;
  /** the log's start, for partitions never read before */
  readonly startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly (bigint | null)[]>;
  readonly onReading?: () => void;
  /** the broker does not let this group read */
  readonly onNotAuthorized?: () => void;
}

export class Source implements SourceProgress {
  readonly cluster: string;
  readonly source: "events" | "commits";
  readonly pipeline: Pipeline;
  storeOutage: string | null = null;
  readonly #logSource: LogSource;
  readonly #options: SourceOptions;
  readonly #log: Logger;
  readonly #faults: PartitionFaults;
  #assigned: ReadonlySet<AssignedPartition> = new Set();
  #unreachable: string | null = "not connected yet";

  constructor(options: SourceOptions) {
    this.cluster = options.cluster;
    this.source = options.source;
    this.#options = options;
    this.#log = options.log.child({ cluster: options.cluster, source: options.source });
    this.#logSource = options.openLogSource(this.#log, options.logSourceOptions);
    this.#faults = new PartitionFaults(options.database.pool, this.#log);
    this.pipeline = new Pipeline({
      pool: options.database.pool,
      log: this.#log,
      openBuffer: options.openBuffer,
      maxRecords: MAX_RECORDS_PER_FLUSH,
      maxBytes: MAX_BYTES_PER_FLUSH,
      startsOf: options.startsOf,
      seek: (partition, position) => this.#logSource.seek(partition, position),
      onOutage: (reason) => (this.storeOutage = reason),
    });
    this.#logSource.start(this.#handlers());
  }

  get fault(): string | null {
    return this.#unreachable ?? (this.#faults.size === this.#assigned.size ? this.#faults.last : null);
  }

  get faultyPartitions(): number {
    return this.#faults.size;
  }

  /** Reads exactly these from now on. Of thousands nearly all are the same objects as before. */
  assign(partitions: readonly AssignedPartition[]): void {
    const before = this.#assigned;
    this.#assigned = new Set(partitions);
    const added = partitions.filter((one) => !before.has(one));
    const replaced = new Set(added.map(identityOf));
    const released = [...before].filter((one) => !this.#assigned.has(one) && !replaced.has(identityOf(one)));
    this.pipeline.release(released);
    this.#faults.assign(added, released);
    this.#logSource.assign(partitions);
    if (this.#unreachable !== null && partitions.length === 0) this.#onReading([]);
  }

  /** Sets the fault of a source that has never read: such a source cannot find out the reason by itself. */
  setUnreachable(reason: string): void {
    if (this.#unreachable !== null) this.#unreachable = reason;
  }

  /** Stores what was read, if that succeeds in time. */
  async close(): Promise<void> {
    await this.pipeline.close(CLOSE_WITHIN_MS);
    await this.#logSource.stop();
    this.#faults.close();
  }

  #handlers(): LogSourceHandlers {
    return {
      positionsOf: (partitions) => this.pipeline.positionsOf(partitions),
      onBatch: (batch) => this.pipeline.onBatch(batch),
      onGap: (partition, from, to) => this.#onGap(partition, from, to),
      onTruncated: (partition, to) => this.#onTruncated(partition, to),
      onReading: (partitions) => this.#onReading(partitions),
      onFault: (partitions, fault) => this.#onFault(partitions, fault),
    };
  }

  #onGap({ topic, partition }: PartitionRef, from: bigint, to: bigint): void {
    this.#options.metrics.missedOffsets.inc({ cluster: this.cluster, topic }, Number(to - from));
    this.#log.error(
      { topic, partition, from: String(from), to: String(to) },
      "retention removed records before they were read",
    );
    this.pipeline.skip({ topic, partition }, to);
  }

  #onTruncated({ topic, partition }: PartitionRef, to: bigint): void {
    const { database, metrics } = this.#options;
    void this.pipeline.onTruncated({ topic, partition }, async ({ destinationId }) => {
      const moved = await closeTruncatedEnd(database.pool, { destinationId, partition, to });
      metrics.truncatedEvents.inc({ cluster: this.cluster, topic }, moved);
      this.#log.error(
        { topic, partition, to: String(to), events: moved },
        "the log was truncated; what it lost is kept",
      );
    });
  }

  #onReading(partitions: readonly PartitionRef[]): void {
    if (this.fault !== null) this.#log.info("reading");
    this.#unreachable = null;
    this.#faults.clear(partitions);
    this.#options.onReading?.();
  }

  #onFault(partitions: readonly PartitionRef[], fault: Error): void {
    this.#options.metrics.faults.inc({ cluster: this.cluster, source: this.source });
    if (this.#faults.set(partitions, fault.message))
      this.#log.warn(
        { err: fault, partitions: partitions.length, topic: partitions[0]?.topic },
        "partitions are not read; trying again",
      );
    if (isBrokerFault(fault, "not_authorized")) this.#options.onNotAuthorized?.();
  }
}

const identityOf = ({ topic, partition, generation }: AssignedPartition): string =>
  `${topic}/${partition}/${generation}`;
