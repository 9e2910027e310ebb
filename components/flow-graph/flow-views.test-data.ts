/** Graphs as the API answers them, for tests of scenes and layouts. */
import type { FlowEdge, FlowGraphView, FlowNode, GroupNode } from "#lib/contracts/flow.ts";

export const service = (name: string): FlowNode => ({
  id: `s:${name}`,
  kind: "service",
  label: name,
  state: "normal",
  stateReason: null,
  publishRate: 1,
  consumeRate: 1,
  consumeLatency: null,
});
export const topic = (name: string): FlowNode => ({
  id: `t:c/${name}`,
  kind: "topic",
  label: name,
  state: "normal",
  stateReason: null,
  cluster: "c",
  topic: name,
  role: "event",
  partitions: 1,
  inRate: 1,
  types: [],
});
export const group = (name: string, of: string | null): GroupNode => ({
  id: `g:c/${name}`,
  kind: "group",
  label: name,
  state: "normal",
  stateReason: null,
  cluster: "c",
  group: name,
  serviceNode: of && `s:${of}`,
  serviceKnownBy: null,
  verdict: "ok",
  members: 1,
  lagMessages: "0",
  timeLagMs: 0,
});
export const edge = (
  kind: FlowEdge["kind"],
  from: string,
  to: string,
  ratePerSecond = 10,
  via: string | null = null,
): FlowEdge => ({
  id: `${kind}:${from}>${to}`,
  kind,
  from,
  to,
  via,
  events: 1,
  ratePerSecond,
  errors: 0,
  latency: null,
  knownBy: "declared",
  confidence: 1,
  sampledShare: 1,
  state: "normal",
  types: [],
});
export const viewOf = (nodes: FlowNode[], edges: FlowEdge[]): FlowGraphView => ({
  at: "2026-11-21T14:00:00Z",
  live: true,
  windowSeconds: 60,
  clusters: [],
  nodes,
  edges,
  totalNodes: nodes.length,
  neighbourhoodOf: [],
  filters: { services: [], types: [] },
});
