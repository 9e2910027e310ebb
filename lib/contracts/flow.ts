import { z } from "zod";
import { FLOW_NODE_KINDS, MAX_NODES } from "#lib/domain/flow/graph.ts";
import { TOPIC_ROLES } from "#lib/domain/flow/rows.ts";
import {
  ClusterStatus,
  HealthState,
  Iso,
  KnownBy,
  Latency,
  MOST_GROUP_CHARS,
  PageQuery,
  Verdict,
  pageOf,
} from "./common.ts";

/** A drawing of more nodes helps nobody; the list has them all. */
export const MOST_SHOWN = 500;

export const FLOW_WINDOW_SECONDS = 60;

/** Node ids: `s:<service>`, `t:<cluster>/<topic>`, `g:<cluster>/<group>`. */
export const FlowQuery = z.object({
  at: Iso.optional().meta({ description: "The graph as it was at that time; absent: live" }),
  windowSeconds: z.coerce.number().int().min(10).max(3600).default(FLOW_WINDOW_SECONDS),
  cluster: z.string().max(100).optional(),
  service: z.string().max(200).optional(),
  topic: z.string().max(249).optional(),
  group: z.string().max(MOST_GROUP_CHARS).optional(),
  type: z.string().max(200).optional(),
  errors: z.enum(["only"]).optional(),
  focus: z.string().max(400).optional().meta({ description: "A node id: only its neighbourhood is returned" }),
  hops: z.coerce.number().int().min(1).max(6).default(2),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_SHOWN)
    .default(MAX_NODES)
    .meta({ description: "The most nodes that are returned; a larger graph is cut to neighbourhoods" }),
});

/** The nodes by name, for graphs that are too large to be drawn; the filters are those of the graph. */
export const FlowNodesQuery = FlowQuery.omit({ focus: true, hops: true }).extend({
  q: z.string().max(249).optional().meta({ description: "a part of the name" }),
  kind: z.enum(FLOW_NODE_KINDS).optional(),
  ...PageQuery.shape,
});

const TypeRate = z.object({
  type: z.string(),
  schemaVersion: z.string(),
  ratePerSecond: z.number(),
  events: z.number(),
});
const nodeBase = { id: z.string(), label: z.string(), state: HealthState, stateReason: z.string().nullable() };

export const ServiceNode = z.object({
  ...nodeBase,
  kind: z.literal("service"),
  publishRate: z.number(),
  consumeRate: z.number(),
  /** from the event's time to the commit that passed it, over all groups of the service */
  consumeLatency: Latency.nullable(),
});
export const TopicNode = z.object({
  ...nodeBase,
  kind: z.literal("topic"),
  cluster: z.string(),
  topic: z.string(),
  role: z.enum(TOPIC_ROLES),
  partitions: z.number().int(),
  inRate: z.number(),
  types: z.array(TypeRate),
});
export const GroupNode = z.object({
  ...nodeBase,
  kind: z.literal("group"),
  cluster: z.string(),
  group: z.string(),
  /** the service node it is docked on; null: none */
  serviceNode: z.string().nullable(),
  serviceKnownBy: KnownBy.nullable(),
  verdict: Verdict,
  members: z.number().int(),
  lagMessages: z.string(),
  timeLagMs: z.number().nullable(),
});
export const FlowNode = z.discriminatedUnion("kind", [ServiceNode, TopicNode, GroupNode]).meta({ id: "FlowNode" });

export const FlowEdge = z
  .object({
    id: z.string(),
    kind: z.enum(["publish", "consume", "cause"]),
    /** publish: service → topic · consume: topic → group · cause: topic → topic */
    from: z.string(),
    to: z.string(),
    /** only of a cause: the group that consumed the one event and caused the other, if known */
    via: z.string().nullable(),
    events: z.number(),
    ratePerSecond: z.number(),
    /** false: the broker does not tell how many events went this way, so that there are none in the two above */
    counted: z.boolean(),
    errors: z.number(),
    latency: Latency.nullable(),
    knownBy: KnownBy,
    confidence: z.number().min(0).max(1),
    /** below 1, the counts are extrapolated from a sample */
    sampledShare: z.number(),
    state: HealthState,
    types: z.array(TypeRate),
  })
  .meta({ id: "FlowEdge" });

export const FlowGraphView = z
  .object({
    at: Iso,
    live: z.boolean(),
    windowSeconds: z.number(),
    clusters: z.array(ClusterStatus),
    nodes: z.array(FlowNode),
    edges: z.array(FlowEdge),
    /** the number of nodes without filters and neighbourhoods */
    totalNodes: z.number().int(),
    /** the nodes whose neighbourhoods are shown, if the graph is too big to be shown whole */
    neighbourhoodOf: z.array(z.string()),
    filters: z.object({ services: z.array(z.string()), types: z.array(z.string()) }),
  })
  .meta({ id: "FlowGraph" });

export const FlowNodesView = pageOf(FlowNode).meta({ id: "FlowNodes" });

export type FlowQuery = z.infer<typeof FlowQuery>;
export type FlowNodesQuery = z.infer<typeof FlowNodesQuery>;
export type FlowNodesView = z.infer<typeof FlowNodesView>;
export type FlowNode = z.infer<typeof FlowNode>;
export type ServiceNode = z.infer<typeof ServiceNode>;
export type TopicNode = z.infer<typeof TopicNode>;
export type GroupNode = z.infer<typeof GroupNode>;
export type FlowEdge = z.infer<typeof FlowEdge>;
export type FlowGraphView = z.infer<typeof FlowGraphView>;
