/** Who reads what, and through which groups: as last read, kept for some seconds. */
import type pg from "pg";
import { openGroupServices, servicesByName } from "#lib/domain/correlation/group-service.ts";
import { indexSubscriptions, type SubscriptionIndex } from "#lib/domain/correlation/subscriptions.ts";
import type { GroupSubscription } from "#lib/domain/correlation/trace.ts";
import { withPublisherRules, type PublisherSettings } from "#lib/domain/publisher/rules.ts";
import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import { readGroupSubscriptions, readServiceIds } from "#lib/store/correlation/subscriptions-read.ts";
import { readGroupServices } from "#lib/store/publishers/producers-read.ts";
import { readPublisherRules } from "#lib/store/publishers/rules-read.ts";

const KEPT_MS = 3000;

/** Whose reads the causes of an event are looked for in (see readsOf); null: not known. */
export function publisherOf({ serviceId, publisherGroupId }: CorrelatedEvent): string | null {
  if (publisherGroupId !== undefined) return `group ${publisherGroupId}`;
  return serviceId === null ? null : `service ${serviceId}`;
}

export class KnownSubscriptions {
  readonly #client: pg.Client;
  readonly #declared: PublisherSettings;
  /** null: not read yet */
  #index: SubscriptionIndex | null = null;
  #readAtMs = 0;
  #services: ReadonlySet<number> = new Set();
  readonly #newReaders = new Set<string>();

  /** `declared`: which service a group belongs to, as configured. */
  constructor(client: pg.Client, declared: PublisherSettings) {
    this.#client = client;
    this.#declared = declared;
  }

  /** Read anew whenever a publisher is a service that was not known yet, so that its first events get a cause too. */
  async of(events: Iterable<CorrelatedEvent>): Promise<SubscriptionIndex> {
    const isKnown = ({ serviceId }: CorrelatedEvent) => serviceId === null || this.#services.has(serviceId);
    if (this.#index !== null && Date.now() - this.#readAtMs < KEPT_MS && [...events].every(isKnown)) return this.#index;
    return this.#read();
  }

  /** The publishers (see publisherOf) of which it became known since the last call that they read one thing more. */
  takeNewReaders(): ReadonlySet<string> {
    const taken = new Set(this.#newReaders);
    this.#newReaders.clear();
    return taken;
  }

  async #read(): Promise<SubscriptionIndex> {
    const services = await readServiceIds(this.#client);
    const ofProducers = await readGroupServices(this.#client);
    const { groupServices } = withPublisherRules(this.#declared, await readPublisherRules(this.#client));
    const serviceOf = openGroupServices(groupServices, servicesByName([...services.keys()]));
    const subscriptions = (await readGroupSubscriptions(this.#client)).map((subscription) => {
      const { groupId, group, serviceId } = subscription;
      const known = serviceOf(group);
      const found = known?.knownBy === "declared" ? null : ofProducers.get(groupId);
      return { ...subscription, serviceId: found ?? serviceId ?? services.get(known?.service ?? "") ?? null };
    });
    if (this.#index !== null) this.#noteNewReaders(this.#index, subscriptions);
    this.#readAtMs = Date.now();
    this.#services = new Set(services.values());
    return (this.#index = indexSubscriptions(subscriptions));
  }

  #noteNewReaders(before: SubscriptionIndex, now: readonly GroupSubscription[]): void {
    for (const { groupId, serviceId, destinationId } of now) {
      if (!before.ofGroup(groupId).has(destinationId)) this.#newReaders.add(`group ${groupId}`);
      if (serviceId !== null && !before.ofService(serviceId).has(destinationId))
        this.#newReaders.add(`service ${serviceId}`);
    }
  }
}
