/**
 * Keys of cached answers. The first part is the noun in a `changed` frame, so `invalidateQueries({ queryKey: [noun] })`
 * reloads everything of that noun.
 */
type Query = Readonly<Record<string, unknown>>;

export const keys = {
  flow: {
    graph: (query: Query) => ["flow", "graph", query] as const,
    nodes: (query: Query) => ["flow", "nodes", query] as const,
    rail: (query: Query) => ["flow", "rail", query] as const,
    detail: (query: Query) => ["flow", "detail", query] as const,
  },
  groups: {
    list: (query: Query) => ["groups", "list", query] as const,
    one: (cluster: string, group: string, query: Query = {}) => ["groups", "one", cluster, group, query] as const,
    // Under "groups", because a changed group status opens, changes and closes incidents.
    incidents: (query: Query) => ["groups", "incidents", query] as const,
    incident: (id: number | string) => ["groups", "incident", String(id)] as const,
  },
  views: (page: string) => ["views", page] as const,
  topics: {
    list: (query: Query) => ["topics", "list", query] as const,
    one: (cluster: string, topic: string, query: Query = {}) => ["topics", "one", cluster, topic, query] as const,
  },
  // Not under "topics", because messages never change: a `changed` frame must not reload them.
  messages: {
    list: (cluster: string, topic: string, query: Query) => ["messages", "list", cluster, topic, query] as const,
    one: (cluster: string, topic: string, partition: number, offset: string) =>
      ["messages", "one", cluster, topic, partition, offset] as const,
  },
  traces: {
    list: (query: Query) => ["traces", "list", query] as const,
    one: (traceId: string, around: string | null) => ["traces", "one", traceId, around] as const,
  },
  // Not reloaded by `changed` frames: an entity is shown as it was when it was opened.
  entities: {
    topics: (key: string) => ["entities", "topics", key] as const,
    one: (key: string, query: Query) => ["entities", "one", key, query] as const,
  },
  failures: {
    list: (query: Query) => ["failures", "list", query] as const,
    one: (fingerprint: string, query: Query = {}) => ["failures", "one", fingerprint, query] as const,
    // Not under "failures": reloaded when it is opened, not with every new dead letter.
    spread: (fingerprint: string) => ["failure-spread", fingerprint] as const,
    fates: (fingerprint: string, id: string) => ["failure-fates", fingerprint, id] as const,
  },
  replays: {
    list: (query: Query) => ["replays", "list", query] as const,
    edit: (id: number, seq: number) => ["replays", "edit", id, seq] as const,
    one: (id: number | string, query: Query = {}) => ["replays", "one", String(id), query] as const,
  },
  alerts: {
    all: (query: Query) => ["alerts", "all", query] as const,
    deliveries: (query: Query) => ["alerts", "deliveries", query] as const,
  },
  search: (query: Query) => ["search", query] as const,
  session: () => ["session"] as const,
  publishers: () => ["publishers"] as const,
  status: () => ["status"] as const,
  demoFaults: () => ["demo-faults"] as const,
} as const;
