/** Dead letters read from their topics, a stretch at a time: those of one replay mostly lie side by side. */
import { OffsetOutOfRangeError, type PartitionRef, type Reader, type TapRecord } from "./ports.ts";

const LIMITS = { maxRecords: 5000, maxBytes: 4 * 1024 * 1024, timeoutMs: 10_000 };
const STRETCHES_KEPT = 4;

interface Stretch {
  readonly from: bigint;
  readonly nextOffset: bigint;
  readonly records: ReadonlyMap<bigint, TapRecord>;
}

export interface Source {
  /** The record, or in words why there is none. Rejects when the broker cannot be asked. */
  read(partition: PartitionRef, offset: bigint): Promise<TapRecord | string>;
}

export function openSource(reader: Reader): Source {
  const kept = new Map<string, Stretch>();
  return {
    read: async (partition, offset) => {
      const name = `${partition.topic}/${partition.partition}`;
      let stretch = kept.get(name);
      if (stretch === undefined || offset < stretch.from || offset >= stretch.nextOffset) {
        try {
          stretch = await readStretch(reader, partition, offset);
        } catch (error) {
          if (error instanceof OffsetOutOfRangeError) return "No longer in its topic: retention has taken it";
          throw error;
        }
        kept.delete(name);
        kept.set(name, stretch);
        for (const oldest of [...kept.keys()].slice(0, -STRETCHES_KEPT)) kept.delete(oldest);
      }
      return stretch.records.get(offset) ?? "No longer in its topic: compaction has taken it";
    },
  };
}

async function readStretch(reader: Reader, partition: PartitionRef, from: bigint): Promise<Stretch> {
  const { records, nextOffset } = await reader.read(partition, from, LIMITS);
  if (nextOffset <= from) throw new Error(`${partition.topic}[${partition.partition}] cannot be read at offset ${from} yet: a transaction before it is still open`);
  return { from, nextOffset, records: new Map(records.map((record) => [record.offset, record])) };
}
