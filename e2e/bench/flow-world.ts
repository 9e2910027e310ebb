/**
 * Systems as teams have them, in several sizes: domains whose services read each other's topics, topics that only a
 * connector reads, and topics that nobody uses. The same each time.
 */
export interface World {
  readonly topics: readonly string[];
  readonly services: readonly string[];
  /** name, and whose it is; null: not known */
  readonly groups: readonly (readonly [group: string, service: string | null])[];
  readonly publishes: readonly (readonly [service: string, topic: string])[];
  readonly consumes: readonly (readonly [topic: string, group: string])[];
}

const DOMAINS = ["shop", "billing", "customer", "logistics", "search", "warehouse", "marketing", "risk", "support"];
const ROLES = ["api", "orders", "payments", "stock", "mail", "ledger", "index", "fraud", "shipping", "audit"];

/** 39 services in 13 domains with 78 topics: 117 boxes. */
export const smallWorld = (): World => {
  const world = openWorld();
  for (let domain = 0; domain < 13; domain++) world.domain(nameOf(domain), 3, 6);
  return world.done();
};
/** 9,000 topics with the services and groups they have: many times what can be drawn. */
export const hugeWorld = (): World => largeWorld(17_600);
/** Exactly so many nodes, a sixth of them in one domain. */
export const largeWorld = (nodes: number): World => {
  const world = openWorld();
  world.domain(nameOf(0), Math.round(nodes / 22), Math.round(nodes / 15));
  for (let domain = 1; world.nodes() < nodes * 0.7; domain++) {
    const services = [7, 5, 9, 4, 3, 6][domain % 6] ?? 5;
    world.domain(nameOf(domain), services, Math.round(services * 1.5));
  }
  for (let table = 0; world.nodes() < nodes * 0.88; table++) world.sink(table);
  for (let topic = 0; world.nodes() < nodes; topic++) world.unused(topic);
  return world.done();
};

const nameOf = (domain: number): string => {
  const round = Math.floor(domain / DOMAINS.length);
  return `${DOMAINS[domain % DOMAINS.length] ?? "domain"}${round === 0 ? "" : String(round + 1)}`;
};

function openWorld() {
  let state = 42;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000;
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const topics: string[] = [];
  const services: string[] = [];
  const groups: [string, string | null][] = [];
  const publishes: [string, string][] = [];
  const consumes = new Map<string, [string, string]>();
  const consume = (topic: string | undefined, group: string) =>
    topic !== undefined && consumes.set(`${topic} ${group}`, [topic, group]);

  return {
    nodes: () => topics.length + services.length + groups.length,
    /** Services in order: each reads from those before it, some the topics that all read, and one of them a later one. */
    domain: (name: string, count: number, topicCount: number) => {
      const own = Array.from({ length: count }, (_, i) => {
        const round = Math.floor(i / ROLES.length);
        return `${name}-${ROLES[i % ROLES.length] ?? "service"}${round === 0 ? "" : `-${round + 1}`}`;
      });
      const written = Array.from({ length: topicCount }, (_, i) => {
        const by = own[i % count] ?? name;
        return [
          `${name}.${by.slice(name.length + 1)}.${["events", "commands", "state"][Math.floor(i / count)]}`,
          i % count,
        ] as const;
      });
      services.push(...own);
      topics.push(...written.map(([topic]) => topic));
      for (const [topic, by] of written) publishes.push([own[by] ?? name, topic]);
      own.forEach((service, i) => {
        if (i === 0) return;
        const group = `${service}-group`;
        groups.push([group, service]);
        const earlier = written.filter(([, by]) => by < i && by >= i - Math.max(2, count / 3));
        consume(pick(earlier)?.[0], group);
        if (random() < 0.35) consume(pick(written.slice(0, 3))?.[0], group);
        if (random() < 0.05) consume(pick(written)?.[0], group);
      });
    },
    sink: (table: number) => {
      topics.push(`connect.cdc.table_${table}`);
      groups.push([`sink-table-${table}`, null]);
      consume(`connect.cdc.table_${table}`, `sink-table-${table}`);
    },
    unused: (topic: number) => void topics.push(`unused.topic-${topic}`),
    done: (): World => ({ topics, services, groups, publishes, consumes: [...consumes.values()] }),
  };
}
