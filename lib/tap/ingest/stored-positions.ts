/** Where reading goes on: the stored positions of partitions, made for those that were never read. */
import type pg from "pg";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { insertPositions, readPositions } from "#lib/store/ingest/positions.ts";
import type { ReadPartition } from "./flush-buffer.ts";

/** One answer per partition, in order. `startsOf` gives the log's start of those that have no position yet. */
export async function storedPositions(
  pool: pg.Pool,
  clusterId: number,
  partitions: readonly PartitionRef[],
  startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly bigint[]>,
): Promise<Omit<ReadPartition, "endOffset">[]> {
  let stored = await readPositions(pool, clusterId, partitions);
  const fresh = stored.filter((at) => at.next === null);
  if (fresh.length > 0) {
    const starts = await startsOf(fresh);
    await insertPositions(
      pool,
      fresh.map((at, i) => ({ ...at, next: starts[i] ?? 0n })),
    );
    // Another tap may have inserted its own positions first: only what is stored counts.
    stored = await readPositions(pool, clusterId, partitions);
  }
  return stored.map((at) => ({ ...at, next: at.next ?? 0n }));
}
