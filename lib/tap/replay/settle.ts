/**
 * Finds out after a crash which items of the unfinished batch were sent. The caller has fenced off the former
 * publisher, so its transaction is committed or aborted. The target topics are then read, committed records only,
 * from the ends they had before the batch was sent.
 */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { LogInspector, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { readReplayMark } from "#lib/domain/replay/replay-headers.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import type { SentItem } from "#lib/store/replays/run-items.ts";

/**
 * The `result` of a redrive while it runs: where each target partition ended before the latest batch, by
 * `topic/partition`.
 */
export const RedriveResult = z.object({ endsBefore: z.record(z.string(), z.string().regex(/^\d{1,20}$/)) });
export type RedriveResult = z.infer<typeof RedriveResult>;

/**
 * The most items of one batch. Only the batch being sent can be in doubt, so no more than these have to be settled
 * after a crash.
 */
export const MAX_BATCH = 1000;
const LIMITS = { maxRecords: 1000, maxBytes: 4 * 1024 * 1024, timeoutMs: 20_000 };
const STABLE_POLL_MS = 500;

/** The end offset of each target partition: whatever is sent from now on is written at or after it. */
export async function endsOf(topics: ReadonlySet<string>, inspector: LogInspector): Promise<Map<string, bigint>> {
  return new Map(
    (await inspector.logOffsets(await partitionsOf(topics, inspector))).map((log) => [
      partitionKey(log),
      log.endOffset,
    ]),
  );
}

/** The ends as stored before a batch is sent. */
export const asNoted = (ends: ReadonlyMap<string, bigint>): RedriveResult => ({
  endsBefore: Object.fromEntries([...ends].map(([name, end]) => [name, end.toString()])),
});

async function partitionsOf(topics: ReadonlySet<string>, inspector: LogInspector): Promise<PartitionRef[]> {
  return (await inspector.destinations())
    .filter(({ name: topic }) => topics.has(topic))
    .flatMap(({ name: topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })));
}

/** Sets every item that was `sending` to sent or back to pending. */
export async function settleSending(
  run: ClaimedRun,
  broker: { readonly reader: Reader; readonly inspector: LogInspector },
  endsBefore: RedriveResult["endsBefore"],
  signal: AbortSignal,
): Promise<void> {
  const sending = await run.items.read("sending", MAX_BATCH);
  if (sending.length === 0) return;
  const wanted = new Set(sending.map(({ seq }) => seq));
  const topics = new Set(sending.map(({ targetTopic }) => targetTopic));
  const found: SentItem[] = [];
  for (const log of await stableLogs(run, broker.inspector, topics, endsBefore, signal))
    found.push(...(await findItems(run.wireName, wanted, log, broker.reader)));
  const sent = new Set(found.map(({ seq }) => seq));
  if (found.length > 0) await run.items.markSent(found);
  const notSent = [...wanted].filter((seq) => !sent.has(seq));
  if (notSent.length > 0) await run.items.markPending(notSent);
}

/**
 * The offset ranges to search. Another producer's open transaction hides the records committed after it: until it ends
 * the outcome is unknown, and a guess could send an item twice.
 */
async function stableLogs(
  run: ClaimedRun,
  inspector: LogInspector,
  topics: ReadonlySet<string>,
  endsBefore: RedriveResult["endsBefore"],
  signal: AbortSignal,
): Promise<(PartitionLogOffsets & { from: bigint })[]> {
  const partitions = await partitionsOf(topics, inspector);
  const first = await inspector.logOffsets(partitions);
  if (first.length < partitions.length)
    throw new Error(`${partitions.length - first.length} partitions of the target cannot be asked for their end`);
  const ends = new Map(first.map((log) => [partitionKey(log), log.endOffset]));
  for (let logs = first; ; logs = await inspector.logOffsets(partitions)) {
    const hidden = logs.find((log) => log.lastStableOffset < (ends.get(partitionKey(log)) ?? 0n));
    if (hidden === undefined) {
      return first.map((log) => {
        const before = BigInt(endsBefore[partitionKey(log)] ?? 0);
        return { ...log, from: before > log.logStartOffset ? before : log.logStartOffset };
      });
    }
    await run.setWait({ kind: "waiting_for_transaction", topic: hidden.topic, partition: hidden.partition });
    await sleep(STABLE_POLL_MS, undefined, { signal });
  }
}

async function findItems(
  wireName: string,
  wanted: ReadonlySet<number>,
  log: PartitionLogOffsets & { from: bigint },
  reader: Reader,
): Promise<SentItem[]> {
  const found: SentItem[] = [];
  for (let next = log.from; next < log.endOffset; ) {
    const { records, nextOffset } = await reader.read(log, next, LIMITS);
    for (const { headers, offset } of records) {
      const mark = readReplayMark(headers);
      if (mark?.run === wireName && wanted.has(mark.item))
        found.push({ seq: mark.item, partition: log.partition, offset });
    }
    if (nextOffset <= next) throw new Error(`${log.topic}[${log.partition}] cannot be read past offset ${next}`);
    next = nextOffset;
  }
  return found;
}
