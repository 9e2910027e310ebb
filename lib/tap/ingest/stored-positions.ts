/** Where reading goes on: the stored positions of partitions, made for those that were never read. */
import type pg from "pg";
import type { AssignedPartition } from "#lib/brokers/ports/log-source.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { insertPositions, readPositions } from "#lib/store/ingest/positions.ts";
import type { ReadPartition } from "./flush-buffer.ts";

/**
 * One answer per partition, in order. `startsOf` gives the log's start of those that have no position yet; null for one
 * whose start is not known at the moment.
 */
export async function storedPositions(
  pool: pg.Pool,
  assigned: readonly AssignedPartition[],
  startsOf: (partitions: readonly PartitionRef[]) => Promise<readonly (bigint | null)[]>,
): Promise<(Omit<ReadPartition, "endOffset"> | null)[]> {
  const partitions = assigned.map((at) => ({ ...at, destinationId: at.generation }));
  let stored = await readPositions(pool, partitions);
  const fresh = partitions.filter((_, i) => stored[i] === null);
  if (fresh.length > 0) {
    const starts = await startsOf(fresh);
    await insertPositions(
      pool,
      fresh.flatMap((at, i) => {
        const next = starts[i] ?? null;
        return next === null ? [] : [{ ...at, next }];
      }),
    );
    // Another tap may have inserted its own positions first: only what is stored counts.
    stored = await readPositions(pool, partitions);
  }
  return partitions.map(({ destinationId, topic, partition }, i) => {
    const at = stored[i] ?? null;
    return at === null ? null : { destinationId, topic, partition, ...at };
  });
}
