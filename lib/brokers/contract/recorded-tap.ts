/** A log source that is read into memory, from positions that the test chooses. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import type { LogBroker } from "../ports/broker.ts";
import type { AssignedPartition, LogRecord } from "../ports/log-source.ts";
import type { PartitionRef } from "../ports/partition.ts";

export interface RecordedTap {
  readonly records: ReadonlyMap<string, readonly LogRecord[]>;
  readonly faults: readonly Error[];
  /** partitions whose log was truncated, and to where */
  readonly truncated: readonly (PartitionRef & { readonly to: bigint })[];
  /** records read */
  count(): number;
  assign(partitions: readonly AssignedPartition[]): void;
  stop(): Promise<void>;
}

export const asAssigned = (topic: string, partitions: readonly number[], generation = 1): AssignedPartition[] =>
  partitions.map((partition) => ({ topic, partition, generation, topicId: null }));

export function recordTap(
  broker: LogBroker,
  partitions: readonly AssignedPartition[],
  log: Logger,
  positions: ReadonlyMap<string, bigint> = new Map(),
): RecordedTap {
  const records = new Map<string, LogRecord[]>();
  const faults: Error[] = [];
  const truncated: (PartitionRef & { to: bigint })[] = [];
  const next = new Map(positions);
  const source = broker.openLogSource(log);
  source.assign(partitions);
  source.start({
    positionsOf: async (asked) =>
      asked.map((ref) => {
        const offset = next.get(partitionKey(ref)) ?? 0n;
        return { offset, resumeFrom: offset, leaderEpoch: -1 };
      }),
    onBatch: async (batch) => {
      const key = partitionKey(batch);
      assert.equal(batch.fromOffset, next.get(key) ?? 0n, "nothing is left out between two batches");
      const read = records.get(key);
      if (read === undefined) records.set(key, [...batch.records]);
      else read.push(...batch.records);
      next.set(key, batch.nextOffset);
    },
    onGap: (ref, _from, to) => next.set(partitionKey(ref), to),
    onTruncated: ({ topic, partition }, to) => truncated.push({ topic, partition, to }),
    onReading: () => undefined,
    onFault: (_partitions, fault) => faults.push(fault),
  });
  return {
    records,
    faults,
    truncated,
    count: () => [...records.values()].reduce((sum, own) => sum + own.length, 0),
    assign: (wanted) => source.assign(wanted),
    stop: () => source.stop(),
  };
}

export async function until(what: string, withinMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not within ${withinMs} ms: ${what}`);
    await sleep(50);
  }
}
