/** Committed offsets of partitions, as the parameters of a statement. */

export interface CommittedPosition {
  readonly destinationId: number;
  readonly partition: number;
  readonly committedOffset: bigint;
}

export const POSITIONS = "unnest($1::int[], $2::int[], $3::bigint[]) AS w(destination_id, partition, committed)";
export const positionColumns = (positions: readonly CommittedPosition[]) => [
  positions.map((p) => p.destinationId),
  positions.map((p) => p.partition),
  positions.map((p) => p.committedOffset),
];
