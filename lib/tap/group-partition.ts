/** A partition of a destination as one group consumes it. */
export interface GroupPartitionRef {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
}

/** The same as the key of a map. */
export const groupPartitionKey = ({ groupId, destinationId, partition }: GroupPartitionRef): string =>
  `${groupId}/${destinationId}/${partition}`;
