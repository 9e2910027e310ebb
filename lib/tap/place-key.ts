/** One partition as one group stands on it, as a key. */
export const placeKey = ({ groupId, destinationId, partition }: { readonly groupId: number; readonly destinationId: number; readonly partition: number }): string => `${groupId}/${destinationId}/${partition}`;
