/** Types of the flow graph, the same as in the contract FlowGraphView, and ids of its nodes and edges. */
import type { Verdict } from "../health/verdict.ts";
import type { KnownBy } from "../correlation/known-by.ts";
import type { TopicRole } from "./rows.ts";

export const HEALTH_STATES = ["normal", "unknown", "lagging", "failing", "stuck"] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export const FLOW_NODE_KINDS = ["service", "topic", "group"] as const;

/** A graph with more nodes is not readable, so it is cut to neighbourhoods unless more are asked for. */
export const MAX_NODES = 150;

export interface Latency {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  samples: number;
}

export interface TypeRate {
  type: string;
  schemaVersion: string;
  ratePerSecond: number;
  events: number;
}

interface NodeBase {
  id: string;
  label: string;
  state: HealthState;
  stateReason: string | null;
}

export interface ServiceNode extends NodeBase {
  kind: "service";
  publishRate: number;
  consumeRate: number;
  consumeLatency: Latency | null;
}

export interface TopicNode extends NodeBase {
  kind: "topic";
  cluster: string;
  topic: string;
  role: TopicRole;
  partitions: number;
  inRate: number;
  types: TypeRate[];
}

export interface GroupNode extends NodeBase {
  kind: "group";
  cluster: string;
  group: string;
  serviceNode: string | null;
  serviceKnownBy: KnownBy | null;
  verdict: Verdict;
  members: number;
  lagMessages: string;
  timeLagMs: number | null;
}

export type FlowNode = ServiceNode | TopicNode | GroupNode;

export interface FlowEdge {
  id: string;
  kind: "publish" | "consume" | "cause";
  from: string;
  to: string;
  via: string | null;
  events: number;
  ratePerSecond: number;
  counted: boolean;
  errors: number;
  latency: Latency | null;
  knownBy: KnownBy;
  confidence: number;
  sampledShare: number;
  state: HealthState;
  types: TypeRate[];
}

export const serviceNodeId = (service: string) => `s:${service}`;
export const topicNodeId = (cluster: string, topic: string) => `t:${cluster}/${topic}`;
export const groupNodeId = (cluster: string, group: string) => `g:${cluster}/${group}`;

/** The id of an edge, which depends only on its ends: `publish|<from>|<to>`, `cause|<from>|<to>|<via>`. */
export const edgeId = (kind: FlowEdge["kind"], from: string, to: string, via: string | null = null) =>
  [kind, from, to, ...(kind === "cause" ? [via ?? ""] : [])].join("|");

/** The severity of a state; the worst has the highest rank. */
export const stateRank = (state: HealthState): number => HEALTH_STATES.indexOf(state);
