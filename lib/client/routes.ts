/** All addresses of the site: `api` for data, `pages` for pages. */
import type { z } from "zod";
import type { AlertsQuery, DeliveriesQuery } from "#lib/contracts/alerts.ts";
import type { EntityQuery } from "#lib/contracts/entities.ts";
import type { EventsQuery } from "#lib/contracts/events.ts";
import type { FailureQuery, FailuresQuery } from "#lib/contracts/failures.ts";
import type { FlowDetailQuery, RailQuery } from "#lib/contracts/flow-detail.ts";
import type { FlowNodesQuery, FlowQuery } from "#lib/contracts/flow.ts";
import type { GroupQuery, GroupsQuery } from "#lib/contracts/groups.ts";
import type { IncidentsQuery } from "#lib/contracts/incidents.ts";
import type { ReplayExportQuery, ReplayQuery, ReplaysQuery } from "#lib/contracts/replays.ts";
import type { SearchQuery } from "#lib/contracts/search.ts";
import type { StreamQuery } from "#lib/contracts/stream.ts";
import type { MessagesQuery, TailQuery, TopicQuery, TopicsQuery } from "#lib/contracts/topics.ts";
import type { TraceQuery, TracesQuery } from "#lib/contracts/traces.ts";
import type { SavedViewsQuery } from "#lib/contracts/views.ts";
import { urlSegment } from "#lib/domain/text/url-segment.ts";

/** A query before the schema's defaults are filled in. */
type QueryInput<S extends z.ZodType> = { readonly [K in keyof z.output<S>]?: z.output<S>[K] | null | undefined };
type Value = string | number | boolean | bigint | null | undefined;

const segment = (value: string | number | bigint) => urlSegment(String(value));

/** Leaves out values that are undefined, null or empty, so that equal queries have equal addresses. */
function address(path: string, query: Readonly<Record<string, Value>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

const topicPath = (root: string, cluster: string, topic: string) =>
  `${root}/topics/${segment(cluster)}/${segment(topic)}`;

export const api = {
  flow: (query: QueryInput<typeof FlowQuery> = {}) => address("/api/flow", query),
  flowNodes: (query: QueryInput<typeof FlowNodesQuery> = {}) => address("/api/flow/nodes", query),
  flowRail: (query: QueryInput<typeof RailQuery> = {}) => address("/api/flow/rail", query),
  flowDetail: (query: QueryInput<typeof FlowDetailQuery> & { id: string }) => address("/api/flow/detail", query),
  groups: (query: QueryInput<typeof GroupsQuery> = {}) => address("/api/groups", query),
  group: (cluster: string, group: string, query: QueryInput<typeof GroupQuery> = {}) =>
    address(`/api/groups/${segment(cluster)}/${segment(group)}`, query),
  incidents: (query: QueryInput<typeof IncidentsQuery> = {}) => address("/api/incidents", query),
  incident: (id: number | string) => `/api/incidents/${segment(id)}`,
  incidentReport: (id: number | string) => `/api/incidents/${segment(id)}/report`,
  views: (query: QueryInput<typeof SavedViewsQuery> = {}) => address("/api/views", query),
  view: (id: number | string) => `/api/views/${segment(id)}`,
  topics: (query: QueryInput<typeof TopicsQuery> = {}) => address("/api/topics", query),
  topic: (cluster: string, topic: string, query: QueryInput<typeof TopicQuery> = {}) =>
    address(topicPath("/api", cluster, topic), query),
  messages: (cluster: string, topic: string, query: QueryInput<typeof MessagesQuery> = {}) =>
    address(`${topicPath("/api", cluster, topic)}/messages`, query),
  tail: (cluster: string, topic: string, query: QueryInput<typeof TailQuery> = {}) =>
    address(`${topicPath("/api", cluster, topic)}/tail`, query),
  message: (cluster: string, topic: string, partition: number, offset: string | bigint) =>
    `/api/messages/${segment(cluster)}/${segment(topic)}/${segment(partition)}/${segment(offset)}`,
  traces: (query: QueryInput<typeof TracesQuery> = {}) => address("/api/traces", query),
  trace: (traceId: string, query: QueryInput<typeof TraceQuery> = {}) =>
    address(`/api/traces/${segment(traceId)}`, query),
  events: (query: QueryInput<typeof EventsQuery> & { topic: string }) => address("/api/events", query),
  entityTopics: (key: string) => address("/api/entities", { key }),
  entity: (key: string, query: QueryInput<typeof EntityQuery> = {}) => address(`/api/entities/${segment(key)}`, query),
  failures: (query: QueryInput<typeof FailuresQuery> = {}) => address("/api/failures", query),
  failure: (fingerprint: string, query: QueryInput<typeof FailureQuery> = {}) =>
    address(`/api/failures/${segment(fingerprint)}`, query),
  failureSpread: (fingerprint: string) => `/api/failures/${segment(fingerprint)}/spread`,
  failureFates: (fingerprint: string, id: string) =>
    `/api/failures/${segment(fingerprint)}/events/${segment(id)}/fates`,
  failureTriage: (fingerprint: string, action: "resolve" | "reopen" | "snooze" | "notes" | "merge" | "split") =>
    `/api/failures/${segment(fingerprint)}/${action}`,
  replays: (query: QueryInput<typeof ReplaysQuery> = {}) => address("/api/replays", query),
  replay: (id: number | string, query: QueryInput<typeof ReplayQuery> = {}) =>
    address(`/api/replays/${segment(id)}`, query),
  replayRun: (id: number | string) => `/api/replays/${segment(id)}/run`,
  replayExport: (id: number | string, query: QueryInput<typeof ReplayExportQuery>) =>
    address(`/api/replays/${segment(id)}/export`, query),
  replayUndo: (id: number | string) => `/api/replays/${segment(id)}/undo`,
  replayChoose: (id: number | string) => `/api/replays/${segment(id)}/choose`,
  replayItemEdit: (id: number | string, seq: number) => `/api/replays/${segment(id)}/items/${segment(seq)}/edit`,
  replayPause: (id: number | string) => `/api/replays/${segment(id)}/pause`,
  replayResume: (id: number | string) => `/api/replays/${segment(id)}/resume`,
  replayCancel: (id: number | string) => `/api/replays/${segment(id)}/cancel`,
  alerts: (query: QueryInput<typeof AlertsQuery> = {}) => address("/api/alerts", query),
  alertDeliveries: (query: QueryInput<typeof DeliveriesQuery> = {}) => address("/api/alerts/deliveries", query),
  alertDeliveryRetry: (id: string) => `/api/alerts/deliveries/${segment(id)}/retry`,
  alertSilences: () => "/api/alerts/silences",
  alertSilence: (id: number) => `/api/alerts/silences/${segment(id)}`,
  alertChannelTest: (name: string) => `/api/alerts/channels/${segment(name)}/test`,
  search: (query: QueryInput<typeof SearchQuery> & { q: string }) => address("/api/search", query),
  stream: (query: QueryInput<typeof StreamQuery> = {}) => address("/api/stream", query),
  session: () => "/api/session",
  status: () => "/api/status",
  publishers: () => "/api/publishers",
  publisherRule: (kind: string, name: string) => address("/api/publishers", { kind, name }),
  demoFaults: () => "/api/demo/faults",
  demoFault: (name: string) => `/api/demo/faults/${segment(name)}`,
  openapi: () => "/api/openapi.json",
  metrics: () => "/metrics",
} as const;

/** The state of a page in its query: tabs, time range, selection. */
type PageState = Readonly<Record<string, Value>>;

export const pages = {
  flow: (state?: PageState) => address("/", state),
  groups: (state?: PageState) => address("/groups", state),
  group: (cluster: string, group: string, state?: PageState) =>
    address(`/groups/${segment(cluster)}/${segment(group)}`, state),
  incidents: (state?: PageState) => address("/incidents", state),
  incident: (id: number | string, state?: PageState) => address(`/incidents/${segment(id)}`, state),
  topics: (state?: PageState) => address("/topics", state),
  topic: (cluster: string, topic: string, state?: PageState) => address(topicPath("", cluster, topic), state),
  traces: (state?: PageState) => address("/traces", state),
  trace: (traceId: string, state?: PageState) => address(`/traces/${segment(traceId)}`, state),
  entity: (key: string, state?: PageState) => address(`/entities/${segment(key)}`, state),
  failures: (state?: PageState) => address("/failures", state),
  failure: (fingerprint: string, state?: PageState) => address(`/failures/${segment(fingerprint)}`, state),
  replays: (state?: PageState) => address("/replays", state),
  replay: (id: number | string, state?: PageState) => address(`/replays/${segment(id)}`, state),
  alerts: (state?: PageState) => address("/alerts", state),
  settings: () => "/settings",
  signIn: (next?: string) => address("/sign-in", { next }),
} as const;
