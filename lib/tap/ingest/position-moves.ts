/** From where a partition is read to what is stored of it, and back. */
import type { LogPosition } from "#lib/brokers/ports/log-source.ts";
import type { PositionMove } from "#lib/store/ingest/flush.ts";
import type { StoredPosition } from "#lib/store/ingest/positions.ts";
import type { ReadPartition } from "./flush-buffer.ts";

export const positionOf = ({ next, resumeFrom, leaderEpoch }: StoredPosition): LogPosition => ({
  offset: next,
  resumeFrom,
  leaderEpoch,
});

/** What a flush moves: by partition where it was before, in the order in which every tap locks the rows. */
export const movesOf = (spans: ReadonlyMap<ReadPartition, bigint>): PositionMove[] =>
  [...spans]
    .map(([{ destinationId, partition, next, resumeFrom, leaderEpoch }, from]) => ({
      destinationId,
      partition,
      from,
      to: next,
      resumeFrom: resumeFrom < next ? resumeFrom : next,
      leaderEpoch,
    }))
    .sort((a, b) => a.destinationId - b.destinationId || a.partition - b.partition);
