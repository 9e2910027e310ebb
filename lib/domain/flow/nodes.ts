/**
 * The nodes of a window: all topics and groups of the broker, and the services that publish or to which groups belong.
 */
import { addType, sortedTypes, type Summarise } from "./edge-sums.ts";
import { consumeState } from "./edges.ts";
import {
  groupNodeId,
  serviceNodeId,
  stateRank,
  topicNodeId,
  type FlowNode,
  type GroupNode,
  type HealthState,
  type ServiceNode,
  type TopicNode,
  type TypeRate,
} from "./graph.ts";
import type { FlowRows } from "./rows.ts";

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

function topicNodes<L>(rows: FlowRows<L>, windowSeconds: number): TopicNode[] {
  const published = new Map<string, { events: number; errors: number; types: Map<string, TypeRate> }>();
  for (const row of rows.publishes) {
    const id = topicNodeId(row.cluster, row.topic);
    const sum = published.get(id) ?? { events: 0, errors: 0, types: new Map<string, TypeRate>() };
    sum.events += row.events;
    sum.errors += row.errors;
    addType(sum.types, row.type, row.schemaVersion, row.events, windowSeconds);
    published.set(id, sum);
  }
  return rows.topics.map((fact) => {
    const id = topicNodeId(fact.cluster, fact.topic);
    const sum = published.get(id);
    const deadLetters = fact.role === "dead_letter" ? (sum?.events ?? 0) : 0;
    const stateReason =
      deadLetters > 0
        ? `${plural(deadLetters, "dead letter")} in the window`
        : sum && sum.errors > 0
          ? `${plural(sum.errors, "error")} in the window`
          : null;
    return {
      kind: "topic",
      id,
      label: fact.topic,
      cluster: fact.cluster,
      topic: fact.topic,
      role: fact.role,
      partitions: fact.partitions,
      inRate: (sum?.events ?? 0) / windowSeconds,
      types: sum ? sortedTypes(sum.types) : [],
      state: stateReason === null ? "normal" : "failing",
      stateReason,
    };
  });
}

function groupNodes<L>(rows: FlowRows<L>): GroupNode[] {
  const errors = new Map<string, number>();
  for (const row of rows.consumes) {
    const id = groupNodeId(row.cluster, row.group);
    errors.set(id, (errors.get(id) ?? 0) + row.errors);
  }
  return rows.groups.map((fact) => {
    const id = groupNodeId(fact.cluster, fact.group);
    const failed = errors.get(id) ?? 0;
    const state = consumeState(fact.verdict, failed);
    const stateReason =
      state === "failing" ? `${plural(failed, "failed event")} in the window` : state === "normal" ? null : fact.reason;
    return {
      kind: "group",
      id,
      label: fact.group,
      cluster: fact.cluster,
      group: fact.group,
      serviceNode: fact.service === null ? null : serviceNodeId(fact.service),
      serviceKnownBy: fact.service === null ? null : fact.serviceKnownBy,
      verdict: fact.verdict,
      members: fact.members,
      lagMessages: String(fact.lagMessages),
      timeLagMs: fact.timeLagMs,
      state,
      stateReason,
    };
  });
}

/** A service has the worst state of its groups, or is failing if events that it published report errors. */
function serviceNodes<L>(
  rows: FlowRows<L>,
  groups: readonly GroupNode[],
  windowSeconds: number,
  summarise: Summarise<L>,
): ServiceNode[] {
  interface Sum {
    label: string;
    published: number;
    errors: number;
    consumed: number;
    latencies: L[];
    worst: GroupNode | null;
  }
  const sums = new Map<string, Sum>();
  const sumOf = (service: string): Sum => {
    const id = serviceNodeId(service);
    let sum = sums.get(id);
    if (sum === undefined)
      sums.set(id, (sum = { label: service, published: 0, errors: 0, consumed: 0, latencies: [], worst: null }));
    return sum;
  };
  for (const row of rows.publishes) {
    if (row.service === null) continue;
    const sum = sumOf(row.service);
    sum.published += row.events;
    sum.errors += row.errors;
  }
  const groupOf = new Map<string, Sum>();
  for (const fact of rows.groups) {
    if (fact.service !== null) groupOf.set(groupNodeId(fact.cluster, fact.group), sumOf(fact.service));
  }
  for (const node of groups) {
    const sum = groupOf.get(node.id);
    if (sum && (sum.worst === null || stateRank(node.state) > stateRank(sum.worst.state))) sum.worst = node;
  }
  for (const row of rows.consumes) {
    const sum = groupOf.get(groupNodeId(row.cluster, row.group));
    if (sum === undefined) continue;
    sum.consumed += row.events;
    if (row.latency !== null) sum.latencies.push(row.latency);
  }
  return [...sums].map(([id, sum]) => {
    // A group without a verdict yet does not make its service unknown.
    const ofGroups: HealthState = sum.worst === null || sum.worst.state === "unknown" ? "normal" : sum.worst.state;
    const ownErrors = sum.errors > 0 && stateRank(ofGroups) < stateRank("failing");
    return {
      kind: "service",
      id,
      label: sum.label,
      publishRate: sum.published / windowSeconds,
      consumeRate: sum.consumed / windowSeconds,
      consumeLatency: sum.latencies.length > 0 ? summarise(sum.latencies) : null,
      state: ownErrors ? "failing" : ofGroups,
      stateReason: ownErrors
        ? `${plural(sum.errors, "event")} it published report an error`
        : ofGroups === "normal"
          ? null
          : (sum.worst?.stateReason ?? null),
    };
  });
}

export function nodesOf<L>(rows: FlowRows<L>, windowSeconds: number, summarise: Summarise<L>): FlowNode[] {
  const groups = groupNodes(rows);
  return [...topicNodes(rows, windowSeconds), ...groups, ...serviceNodes(rows, groups, windowSeconds, summarise)];
}
