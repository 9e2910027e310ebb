import type { Verdict } from "../health/verdict.ts";
import { buildFlowGraph, type FlowGraph } from "./build-flow-graph.ts";
import type {
  CauseFact,
  ConsumeFact,
  FlowFilter,
  FlowRows,
  GroupFact,
  PublishFact,
  TopicFact,
  TopicRole,
} from "./rows.ts";

export type Rows = FlowRows<number>;
const cluster = "prod";
export const topicFact = (name: string, role: TopicRole = "event"): TopicFact => ({
  cluster,
  topic: name,
  role,
  partitions: 3,
});
export const groupFact = (name: string, service: string | null, verdict: Verdict = "ok"): GroupFact => ({
  cluster,
  group: name,
  service,
  serviceKnownBy: service === null ? null : "inferred",
  verdict,
  reason: verdict === "ok" ? null : `${name} is ${verdict}`,
  members: 1,
  lagMessages: 0n,
  timeLagMs: 0,
});
export const publishFact = (
  service: string | null,
  name: string,
  events: number,
  type = "T",
  errors = 0,
): PublishFact<number> => ({ cluster, topic: name, service, type, schemaVersion: "1", events, errors, latency: null });
export const consumeFact = (
  name: string,
  by: string,
  events: number,
  errors = 0,
  verdict: Verdict | null = null,
): ConsumeFact<number> => ({ cluster, topic: name, group: by, events, errors, verdict, latency: 5 });
export const causeFact = (
  from: string,
  to: string,
  via: string | null,
  events: number,
  over: Partial<CauseFact<number>> = {},
): CauseFact<number> => ({
  from: { cluster, topic: from },
  to: { cluster, topic: to },
  group: via,
  fromType: "T",
  toType: "U",
  toSchemaVersion: "1",
  knownBy: "declared",
  events,
  errors: 0,
  confidenceSum: events,
  sampledShare: 1,
  latency: 7,
  ...over,
});
export const summarise = (latencies: readonly number[]) => ({
  p50Ms: Math.max(...latencies),
  p95Ms: 0,
  p99Ms: 0,
  samples: latencies.length,
});
export const build = (rows: Rows, filter: Partial<FlowFilter> = {}): FlowGraph =>
  buildFlowGraph(rows, { windowSeconds: 60, hops: 2, ...filter }, summarise);
export const idsOf = (graph: FlowGraph) => graph.nodes.map((node) => node.id);
export const edgesIn = (graph: FlowGraph) => graph.edges.map((edge) => `${edge.kind} ${edge.from} ${edge.to}`);

/**
 * customer → customers → olf; orders → orders → payments → payments → shipping; payments publishes dead letters
 * to orders.dlt
 */
export const SAGA: Rows = {
  topics: [
    topicFact("customers"),
    topicFact("orders"),
    topicFact("payments"),
    topicFact("orders.dlt", "dead_letter"),
    topicFact("quiet"),
  ],
  groups: [
    groupFact("olf", "olf"),
    groupFact("payments", "payments"),
    groupFact("shipping-g", "shipping"),
    groupFact("auditor", null),
  ],
  publishes: [
    publishFact("customer", "customers", 60, "CustomerCreated"),
    publishFact("orders", "orders", 120, "OrderPlaced"),
    publishFact("payments", "payments", 110, "PaymentTaken"),
    publishFact("payments", "orders.dlt", 3, "OrderPlaced"),
    publishFact(null, "quiet", 6, "Ping"),
  ],
  consumes: [
    consumeFact("customers", "olf", 60),
    consumeFact("orders", "payments", 118, 3),
    consumeFact("payments", "shipping-g", 110),
    consumeFact("orders", "auditor", 0),
  ],
  causes: [
    causeFact("orders", "payments", "payments", 100),
    causeFact("orders", "payments", "payments", 10, { knownBy: "inferred", confidenceSum: 5, sampledShare: 0.5 }),
  ],
};
