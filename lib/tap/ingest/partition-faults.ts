/** Why partitions are not read at the moment: kept for the tap's health, and in the database for the pages. */
import type pg from "pg";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { AssignedPartition } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { writePartitionFaults } from "#lib/store/ingest/partition-faults.ts";
import { storableText } from "#lib/domain/text/text.ts";
import type { Logger } from "#lib/telemetry/log.ts";

const WRITE_EVERY_MS = 1000;

export class PartitionFaults {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  readonly #assigned = new Map<string, AssignedPartition>();
  readonly #faults = new Map<string, string>();
  /** what the database does not say yet */
  readonly #changed = new Set<string>();
  #writing = false;
  last: string | null = null;

  constructor(pool: pg.Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
    this.#timer = setInterval(() => void this.#write(), WRITE_EVERY_MS);
  }

  get size(): number {
    return this.#faults.size;
  }

  /** A newly assigned partition has no fault, whatever another tap has said of it. */
  assign(added: readonly AssignedPartition[], released: readonly AssignedPartition[]): void {
    for (const at of released) {
      const key = partitionKey(at);
      this.#assigned.delete(key);
      this.#faults.delete(key);
    }
    for (const at of added) {
      const key = partitionKey(at);
      const before = this.#assigned.get(key);
      this.#assigned.set(key, at);
      if (before?.generation === at.generation) continue;
      this.#faults.delete(key);
      this.#changed.add(key);
    }
  }

  /** Answers whether it is news for any of them. */
  set(partitions: readonly PartitionRef[], fault: string): boolean {
    this.last = fault;
    let isNew = false;
    for (const partition of partitions) {
      const key = partitionKey(partition);
      if (!this.#assigned.has(key) || this.#faults.get(key) === fault) continue;
      this.#faults.set(key, fault);
      this.#changed.add(key);
      isNew = true;
    }
    return isNew;
  }

  clear(partitions: readonly PartitionRef[]): void {
    for (const partition of partitions) {
      const key = partitionKey(partition);
      if (this.#faults.delete(key)) this.#changed.add(key);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #write(): Promise<void> {
    if (this.#writing || this.#changed.size === 0) return;
    this.#writing = true;
    const keys = [...this.#changed];
    this.#changed.clear();
    try {
      await writePartitionFaults(
        this.#pool,
        keys.flatMap((key) => {
          const at = this.#assigned.get(key);
          const fault = this.#faults.get(key);
          if (at === undefined) return [];
          const reason = fault === undefined ? null : storableText(fault);
          return [{ destinationId: at.generation, partition: at.partition, reason }];
        }),
      );
    } catch (error) {
      for (const key of keys) this.#changed.add(key);
      this.#log.debug({ err: error }, "the partitions' faults could not be written; trying again");
    } finally {
      this.#writing = false;
    }
  }
}
