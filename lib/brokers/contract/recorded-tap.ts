/** A log source that is read into memory, from positions that the test chooses. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import type { LogBroker } from "../ports/broker.ts";
import type { LogRecord } from "../ports/log-source.ts";

export interface RecordedTap {
  readonly records: ReadonlyMap<string, readonly LogRecord[]>;
  readonly faults: readonly Error[];
  /** records read */
  count(): number;
  /** how often the source announced that partitions may go to another tap */
  revocations(): number;
  stop(): Promise<void>;
}

export function recordTap(
  broker: LogBroker,
  group: string,
  topics: readonly string[],
  log: Logger,
  positions: ReadonlyMap<string, bigint> = new Map(),
): RecordedTap {
  const records = new Map<string, LogRecord[]>();
  const faults: Error[] = [];
  let revocations = 0;
  const next = new Map(positions);
  const source = broker.openLogSource(group, log);
  source.setTopics(topics);
  source.start({
    positionsOf: async (partitions) => partitions.map((ref) => next.get(partitionKey(ref)) ?? 0n),
    onBatch: async (batch) => {
      const key = partitionKey(batch);
      records.set(key, [...(records.get(key) ?? []), ...batch.records]);
      next.set(key, batch.nextOffset);
    },
    onGap: () => undefined,
    onRevoked: () => {
      revocations++;
    },
    onReading: () => undefined,
    onFault: (error) => faults.push(error),
  });
  return {
    records,
    faults,
    count: () => [...records.values()].reduce((sum, own) => sum + own.length, 0),
    revocations: () => revocations,
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
