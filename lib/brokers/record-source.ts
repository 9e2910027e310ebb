/**
 * Single records read from their topics, a stretch at a time: those of one replay often lie side by side, and
 * sometimes far apart.
 */
import { partitionKey } from "./partition-key.ts";
import { BrokerFault, isBrokerFault } from "./ports/errors.ts";
import type { LogRecord } from "./ports/log-source.ts";
import type { PartitionRef } from "./ports/partition.ts";
import type { Reader } from "./ports/reader.ts";

const FIRST_RECORDS = 100;
const MOST_RECORDS = 5000;
/** by how much a stretch is longer than the one it goes on from */
const GROWTH = 5;
const BYTES_PER_RECORD = 8 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
const STRETCHES_KEPT = 8;

interface Stretch {
  readonly from: bigint;
  readonly nextOffset: bigint;
  readonly records: ReadonlyMap<bigint, LogRecord>;
  /** records that were asked for */
  readonly asked: number;
}

/** What has taken a record: retention or compaction. */
export type Gone = "expired" | "compacted";

export interface Source {
  /** The record, or why there is none. Rejects when the broker cannot be asked. */
  read(partition: PartitionRef, offset: bigint): Promise<LogRecord | Gone>;
}

export function openSource(reader: Reader): Source {
  const kept = new Map<string, Stretch>();
  return {
    read: async (partition, offset) => {
      const name = partitionKey(partition);
      let stretch = kept.get(name);
      if (stretch === undefined || offset < stretch.from || offset >= stretch.nextOffset) {
        try {
          stretch = await readStretch(reader, partition, offset, nextLength(stretch, offset));
        } catch (error) {
          if (isBrokerFault(error, "offset_out_of_range")) return "expired";
          throw error;
        }
        kept.delete(name);
        kept.set(name, stretch);
        for (const oldest of [...kept.keys()].slice(0, -STRETCHES_KEPT)) kept.delete(oldest);
      }
      return stretch.records.get(offset) ?? "compacted";
    },
  };
}

/** Longer where reading goes on from the last stretch, short where it jumps: what lies between is not wanted. */
function nextLength(last: Stretch | undefined, offset: bigint): number {
  const goesOn = last !== undefined && offset >= last.nextOffset && offset < last.nextOffset + BigInt(last.asked);
  return goesOn ? Math.min(MOST_RECORDS, last.asked * GROWTH) : FIRST_RECORDS;
}

async function readStretch(
  reader: Reader,
  partition: PartitionRef,
  from: bigint,
  maxRecords: number,
): Promise<Stretch> {
  const { records, nextOffset } = await reader.read(partition, from, {
    maxRecords,
    maxBytes: Math.min(MOST_BYTES, maxRecords * BYTES_PER_RECORD),
    timeoutMs: TIMEOUT_MS,
  });
  if (nextOffset <= from)
    throw new BrokerFault(
      { kind: "held_by_transaction" },
      `${partition.topic}[${partition.partition}] cannot be read at offset ${from} yet: ` +
        "a transaction before it is still open",
    );
  return { from, nextOffset, records: new Map(records.map((record) => [record.offset, record])), asked: maxRecords };
}
