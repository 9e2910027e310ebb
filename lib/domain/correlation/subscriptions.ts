import type { GroupSubscription } from "./trace.ts";

/** Which groups read which destinations, indexed for lookups per event. */
export interface SubscriptionIndex {
  /** the groups of a service by the destination they read */
  ofService(serviceId: number): ReadonlyMap<number, readonly number[]>;
  /** all groups by the destination they read */
  readonly all: ReadonlyMap<number, readonly number[]>;
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
  const put = (index: Map<number, number[]>, { destinationId, groupId }: GroupSubscription) => {
    const groups = index.get(destinationId);
    if (groups === undefined) index.set(destinationId, [groupId]);
    else if (!groups.includes(groupId)) groups.push(groupId);
  };
  for (const subscription of subscriptions) {
    put(all, subscription);
    if (subscription.serviceId === null) continue;
    let own = services.get(subscription.serviceId);
    if (own === undefined) services.set(subscription.serviceId, (own = new Map<number, number[]>()));
    put(own, subscription);
  }
  const readersOf = (destinationId: number, serviceId: number | null) =>
    (serviceId === null ? all : (services.get(serviceId) ?? NONE)).get(destinationId);
  return {
    all,
    ofService: (serviceId) => services.get(serviceId) ?? NONE,
    soleReader: (destinationId, serviceId) => {
      const groups = readersOf(destinationId, serviceId);
      return groups?.length === 1 ? (groups[0] ?? null) : null;
    },
  };
}
