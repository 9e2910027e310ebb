import type { GroupSubscription } from "./trace.ts";

/** Which groups read which destinations, indexed for lookups per event. */
export interface SubscriptionIndex {
  /** the groups of a service by the destination they read */
  ofService(serviceId: number): ReadonlyMap<number, readonly number[]>;
  /** the group itself by the destinations it reads */
  ofGroup(groupId: number): ReadonlyMap<number, readonly number[]>;
  /** all groups by the destination they read */
  readonly all: ReadonlyMap<number, readonly number[]>;
  /** the group whose own process alone writes to the destination */
  ownerOf(destinationId: number): number | undefined;
  /**
   * the group of this service that reads the destination, when it is the only one; with no service, the only
   * group that reads it
   */
  soleReader(destinationId: number, serviceId: number | null): number | null;
}

const NONE: ReadonlyMap<number, readonly number[]> = new Map();

export function indexSubscriptions(subscriptions: readonly GroupSubscription[]): SubscriptionIndex {
  const all = new Map<number, number[]>();
  const services = new Map<number, Map<number, number[]>>();
  const groups = new Map<number, Map<number, number[]>>();
  const owners = new Map<number, number>();
  const put = (index: Map<number, number[]>, { destinationId, groupId }: GroupSubscription) => {
    const readers = index.get(destinationId);
    if (readers === undefined) index.set(destinationId, [groupId]);
    else if (!readers.includes(groupId)) readers.push(groupId);
  };
  const putOf = (indexes: Map<number, Map<number, number[]>>, id: number, subscription: GroupSubscription) => {
    let own = indexes.get(id);
    if (own === undefined) indexes.set(id, (own = new Map<number, number[]>()));
    put(own, subscription);
  };
  for (const subscription of subscriptions) {
    put(all, subscription);
    putOf(groups, subscription.groupId, subscription);
    if (subscription.isOwn === true) owners.set(subscription.destinationId, subscription.groupId);
    if (subscription.serviceId !== null) putOf(services, subscription.serviceId, subscription);
  }
  const readersOf = (destinationId: number, serviceId: number | null) =>
    (serviceId === null ? all : (services.get(serviceId) ?? NONE)).get(destinationId);
  return {
    all,
    ofGroup: (groupId) => groups.get(groupId) ?? NONE,
    ownerOf: (destinationId) => owners.get(destinationId),
    ofService: (serviceId) => services.get(serviceId) ?? NONE,
    soleReader: (destinationId, serviceId) => {
      const readers = readersOf(destinationId, serviceId);
      return readers?.length === 1 ? (readers[0] ?? null) : null;
    },
  };
}
