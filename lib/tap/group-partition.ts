/** One partition as one group stands on it. */
export interface PlaceRef {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
}

/** It as a key. */
export const placeKey = ({ groupId, destinationId, partition }: PlaceRef): string =>
  `${groupId}/${destinationId}/${partition}`;
