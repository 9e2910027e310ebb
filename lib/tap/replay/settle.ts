/**
 * Finds out which items an earlier process has sent. The caller has fenced off its publisher, so that its transaction
 * is committed or aborted. The targets are then read once, committed records only, from the ends that were noted before
 * the items were sent up to the ends they have now.
 */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { LogInspector, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { readReplayMark } from "#lib/domain/replay/replay-headers.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import type { SentItem, UnsentItem } from "#lib/store/replays/run-items.ts";
import { earliestEnds, notesOf, partitionsOf, type NotedEnds } from "./run-notes.ts";
import { stableLogs } from "./stable-logs.ts";

const LIMITS = { maxRecords: 1000, maxBytes: 4 * 1024 * 1024, timeoutMs: 20_000 };
const STATUS_POLL_MS = 1000;
/** What a database forgets when it fails is what it was told last; of longer ago nothing is looked for again. */
const FORGETS_AT_MOST_MS = 3_600_000;

interface Broker {
  readonly reader: Reader;
  readonly inspector: LogInspector;
}

type Stretch = PartitionLogOffsets & { readonly from: bigint };

/**
 * Sets every item that was `sending` to sent or back to pending. The first time in a process it also looks for items
 * that are still pending: a database that was restored, or that had not written its last second to disk, has forgotten
 * that they were sent.
 */
export async function settle(run: ClaimedRun, broker: Broker, signal: AbortSignal): Promise<void> {
  const notes = notesOf(await run.readResult());
  const unsent = await run.items.readUnsent();
  const inDoubt = unsent.filter(({ status }) => status === "sending");
  const endsBefore = notes?.endsBefore ?? {};
  let found: SentItem[] | null = null;
  if (notes !== null && !run.isSearched && (await run.status()) === "running") {
    const from = await searchFrom(run, broker.inspector, unsent, inDoubt.length > 0 ? notes.endsBefore : null);
    found = await search({ run, broker, signal, stopsWithRun: true }, unsent, earliestEnds(notes), from);
  }
  run.isSearched = true;
  if (found === null && inDoubt.length > 0)
    found = await search({ run, broker, signal, stopsWithRun: false }, inDoubt, endsBefore, new Map());
  if (found === null) return;
  const sent = new Set(found.map(({ seq }) => seq));
  if (found.length > 0) await run.items.markSent(found);
  const notSent = inDoubt.map(({ seq }) => seq).filter((seq) => !sent.has(seq));
  if (notSent.length > 0) await run.items.markPending(notSent);
}

/**
 * Where each partition was an hour ago, or before the batch in doubt: a run may have been paused for weeks. `inDoubt`:
 * the ends before it; null: there is none.
 */
async function searchFrom(
  { plan: { preview } }: ClaimedRun,
  inspector: LogInspector,
  unsent: readonly UnsentItem[],
  inDoubt: NotedEnds | null,
): Promise<ReadonlyMap<string, bigint>> {
  // By their times records are found only where they have that of being written.
  if (preview.kind === "redrive" && preview.time === "original") return new Map();
  const partitions = await partitionsOf(targetsOf(unsent), inspector);
  const hourAgo = await inspector.offsetsAt(partitions, Date.now() - FORGETS_AT_MOST_MS);
  return new Map(
    [...hourAgo].map(([key, offset]) => [key, inDoubt === null ? offset : smaller(offset, BigInt(inDoubt[key] ?? 0))]),
  );
}

const targetsOf = (items: readonly UnsentItem[]) =>
  items.map(({ targetTopic: topic, targetPartition: partition }) => ({ topic, partition }));

interface Search {
  readonly run: ClaimedRun;
  readonly broker: Broker;
  readonly signal: AbortSignal;
  /** ends without an answer once the run is paused or cancelled */
  readonly stopsWithRun: boolean;
}

/** Where these items lie, if they do; null: the run was paused or cancelled meanwhile. */
async function search(
  by: Search,
  items: readonly UnsentItem[],
  noted: NotedEnds,
  notBefore: ReadonlyMap<string, bigint>,
): Promise<SentItem[] | null> {
  if (items.length === 0) return [];
  const { run, broker } = by;
  const wanted = new Set(items.map(({ seq }) => seq));
  const isOver = openStatusPoll(by);
  const partitions = await partitionsOf(targetsOf(items), broker.inspector);
  const logs = await stableLogs({ run, inspector: broker.inspector, signal: by.signal }, partitions, isOver);
  if (logs === null) return null;
  const found: SentItem[] = [];
  for (const log of logs) {
    const stretch = { ...log, from: beginOf(log, noted, notBefore.get(partitionKey(log)) ?? 0n) };
    const own = await findItems(stretch, run.wireName, wanted, by, isOver);
    if (own === null) return null;
    found.push(...own);
  }
  return found;
}

/** A log that ends before its noted end was truncated, or its topic was made anew: then it is searched whole. */
function beginOf(log: PartitionLogOffsets, noted: NotedEnds, notBefore: bigint): bigint {
  const before = larger(BigInt(noted[partitionKey(log)] ?? 0), notBefore);
  return before > log.endOffset ? log.logStartOffset : larger(before, log.logStartOffset);
}

async function findItems(
  log: Stretch,
  wireName: string,
  wanted: ReadonlySet<number>,
  { broker: { reader }, signal }: Search,
  isOver: () => Promise<boolean>,
): Promise<SentItem[] | null> {
  const found: SentItem[] = [];
  for (let next = log.from; next < log.endOffset; ) {
    signal.throwIfAborted();
    if (await isOver()) return null;
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

/** Whether the run is to be left, asked of the database once in a while. */
function openStatusPoll({ run, stopsWithRun }: Search): () => Promise<boolean> {
  let askedAt = Date.now();
  return async () => {
    if (!stopsWithRun || Date.now() - askedAt < STATUS_POLL_MS) return false;
    askedAt = Date.now();
    return (await run.status()) !== "running";
  };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
