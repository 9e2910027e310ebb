/** What the bench `views` asks: the routes behind the main pages, by the name of their figure. */
import { createHash } from "node:crypto";
import { api } from "#lib/client/routes.ts";
import { SCALE, CLUSTER, topicName, BUSY_TOPIC, RARE_TYPE, PER_PARTITION, orderKey, HOT_KEY } from "./views-scale.ts";

/** Spread over all there are of a kind, so that no answer is one that was just given. */
const spread = (i: number, of: number): number => (i * 7919) % of;

const traceOf = (i: number): string =>
  createHash("md5")
    .update(`trace-${spread(i, SCALE.traces)}`)
    .digest("hex");

/** Their bodies lie in the broker: all events of these orders are in the partitions that are filled. */
const orderOf = (i: number): number => 40 * spread(i, SCALE.traces / 40);

export const VIEWS: Readonly<Record<string, (i: number) => string>> = {
  flow: () => api.flow(),
  "flow.rail": () => api.flowRail({ minutes: 60 }),
  "flow.topic": (i) => api.flowDetail({ id: `t:${CLUSTER}/${topicName(1 + spread(i, SCALE.topics))}` }),
  groups: () => api.groups(),
  "groups.by_lag": () => api.groups({ sort: "lag" }),
  "groups.by_time_lag": () => api.groups({ sort: "timeLag" }),
  "groups.by_name": () => api.groups({ sort: "name" }),
  "groups.of_busy_topic": () => api.groups({ topic: BUSY_TOPIC }),
  "groups.search": (i) => api.groups({ q: `up-${spread(i, 90)}` }),
  group: (i) => api.group(CLUSTER, `group-${1 + spread(i, 50)}`),
  "group.one_hour_ago": (i) =>
    api.group(CLUSTER, `group-${1 + spread(i, 50)}`, { at: new Date(Date.now() - 3_600_000).toISOString() }),
  topics: () => api.topics(),
  topic: (i) => api.topic(CLUSTER, topicName(1 + spread(i, SCALE.topics))),
  "topic.of_15000_groups": () => api.topic(CLUSTER, BUSY_TOPIC),
  traces: () => api.traces(),
  "traces.rare_type": () => api.traces({ type: RARE_TYPE }),
  "traces.frequent_type": (i) => api.traces({ type: `shop.happened-${1 + spread(i, SCALE.topics)}` }),
  "traces.service": (i) => api.traces({ service: `service-${1 + spread(i, 25)}` }),
  "traces.errors": () => api.traces({ errors: "only" }),
  "traces.slow": () => api.traces({ minDurationMs: 60_000 }),
  "traces.type_and_errors": (i) => api.traces({ type: `shop.happened-${1 + spread(i, SCALE.topics)}`, errors: "only" }),
  trace: (i) => api.trace(traceOf(i)),
  events: (i) => api.events({ topic: topicName(1 + spread(i, SCALE.topics)), from: String(spread(i, PER_PARTITION)) }),
  failures: () => api.failures(),
  "failures.search": (i) => api.failures({ q: `handled: ${spread(i, SCALE.failures)}` }),
  failure: (i) => api.failure(`fp-${spread(i, SCALE.fingerprints)}`),
  "failure.spread": (i) => api.failureSpread(`fp-${spread(i, SCALE.fingerprints)}`),
  replays: () => api.replays(),
  replay: () => api.replay(SCALE.replays),
  "search.text": (i) => api.search({ q: `group-${spread(i, SCALE.groups)}` }),
  "search.trace": (i) => api.search({ q: traceOf(i) }),
  "search.key": (i) => api.search({ q: orderKey(orderOf(i)) }),
  "search.nothing": (i) => api.search({ q: `no such thing ${i}` }),
  "entity.topics": (i) => api.entityTopics(orderKey(orderOf(i))),
  "entity.topics_of_10000_events": () => api.entityTopics(HOT_KEY),
  entity: (i) => api.entity(orderKey(orderOf(i))),
  "entity.of_10000_events": () => api.entity(HOT_KEY),
  incidents: () => api.incidents(),
  incident: (i) => api.incident(1 + spread(i, SCALE.incidents)),
  alerts: () => api.alerts(),
  status: () => api.status(),
};
