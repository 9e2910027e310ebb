/**
 * A service that reads a partition of its own choice and commits as a member of nothing, as `assign()` in Kafka's
 * Java client does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";

export interface AssignedOptions {
  /** the plain Fetch and OffsetCommit of a client without a group membership */
  readonly reader: Reader;
  readonly inspector: LogInspector;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

const EVERY_MS = 1000;

export function startAssigned({ reader, inspector, group, topic, partition }: AssignedOptions): {
  stop(): Promise<void>;
} {
  let going = true;
  let next = 0n;
  const work = async (): Promise<void> => {
    const { records, nextOffset } = await reader.read({ topic, partition }, next, {
      maxRecords: 1000,
      maxBytes: 1_000_000,
      timeoutMs: 2000,
    });
    if (records.length > 0) await inspector.resetOffsets(group, [{ topic, partition, offset: nextOffset }]);
    next = nextOffset;
  };
  const working = (async () => {
    while (going) {
      // A broker or coordinator that is not ready: the same again in a moment, as every client does.
      await work().catch(() => undefined);
      await sleep(EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await working;
    },
  };
}
