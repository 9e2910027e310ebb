/** One partition as one group stands on it. */
export interface GroupPartitionRef {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
}

/** It as a key. */
export const groupPartitionKey = ({ groupId, destinationId, partition }: GroupPartitionRef): string =>
  `${groupId}/${destinationId}/${partition}`;
