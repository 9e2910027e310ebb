/** Where a reset would put a group on one partition, and what that means. */

export type ResetTarget =
  | { readonly how: "earliest" }
  | { readonly how: "latest" }
  /** `offsets` of the partitions at that time come with each partition */
  | { readonly how: "timestamp"; readonly at: string }
  | { readonly how: "offset"; readonly offset: bigint }
  | { readonly how: "shift"; readonly by: bigint }
  /** each partition where another group stands; `namedOffset` comes with each partition, as for `offsets` */
  | { readonly how: "group"; readonly group: string }
  /** each partition where it was named */
  | { readonly how: "offsets" };

export interface ResetPartitionFacts {
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  /** null: the group never committed here */
  readonly committedOffset: bigint | null;
  /** first offset at or after the wanted time; only asked for with a timestamp */
  readonly offsetAtTime: bigint | null;
  /** the partition's own target, where the target names one for each; null: none is named for this partition */
  readonly namedOffset: bigint | null;
}

export interface PartitionReset {
  readonly from: bigint | null;
  readonly to: bigint;
  /** records the group consumed and will be given again */
  readonly seenAgain: bigint;
  /** records the group has not consumed and will never be given */
  readonly skipped: bigint;
}

/**
 * The reset of one partition, always inside what the log holds. Null where there is nothing to go by: a shift of a
 * group that never committed, a partition for which no offset is named. Counts are offsets, so they are upper bounds on
 * compacted and transactional topics; records before the log's start are in neither count, they are gone.
 */
export function resetPartition(facts: ResetPartitionFacts, target: ResetTarget): PartitionReset | null {
  const { logStartOffset, endOffset, committedOffset } = facts;
  const within = (offset: bigint): bigint =>
    offset < logStartOffset ? logStartOffset : offset > endOffset ? endOffset : offset;
  const wanted = wantedOffset(facts, target);
  if (wanted === null) return null;
  const to = within(wanted);
  if (committedOffset === null) return { from: null, to, seenAgain: 0n, skipped: 0n };
  const standsAt = within(committedOffset);
  return {
    from: committedOffset,
    to,
    seenAgain: standsAt > to ? standsAt - to : 0n,
    skipped: to > standsAt ? to - standsAt : 0n,
  };
}

function wantedOffset(
  { logStartOffset, endOffset, committedOffset, offsetAtTime, namedOffset }: ResetPartitionFacts,
  target: ResetTarget,
): bigint | null {
  switch (target.how) {
    case "earliest":
      return logStartOffset;
    case "latest":
      return endOffset;
    case "timestamp":
      return offsetAtTime ?? endOffset;
    case "offset":
      return target.offset;
    case "shift":
      return committedOffset === null ? null : committedOffset + target.by;
    case "group":
    case "offsets":
      return namedOffset;
  }
}
