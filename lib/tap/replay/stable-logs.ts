import { setTimeout as sleep } from "node:timers/promises";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { LogInspector, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { targetLogs } from "./target-logs.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";

const STABLE_POLL_MS = 500;

/**
 * Another producer's open transaction hides the records committed after it: until it ends the outcome is unknown, and
 * a guess could send an item twice. Null: `isOver` says to give up.
 */
export async function stableLogs(
  {
    run,
    inspector,
    signal,
  }: { readonly run: ClaimedRun; readonly inspector: LogInspector; readonly signal: AbortSignal },
  partitions: readonly PartitionRef[],
  isOver: () => Promise<boolean>,
): Promise<PartitionLogOffsets[] | null> {
  const first = await targetLogs(partitions, inspector);
  const ends = new Map(first.map((log) => [partitionKey(log), log.endOffset]));
  for (let logs = first; ; logs = await targetLogs(partitions, inspector)) {
    const hidden = logs.find((log) => log.lastStableOffset < (ends.get(partitionKey(log)) ?? 0n));
    if (hidden === undefined) return first;
    await run.setWait({ kind: "waiting_for_transaction", topic: hidden.topic, partition: hidden.partition });
    await sleep(STABLE_POLL_MS, undefined, { signal });
    if (await isOver()) return null;
  }
}
