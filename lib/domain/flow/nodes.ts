/**
 * The nodes of a window: all topics and groups of the broker, and the services that publish or to which groups belong.
 */
import { addType, sortedTypes, type Summarise } from "./edge-sums.ts";
import { consumeState } from "./edges.ts";
import {
  groupNodeId,
  serviceNodeId,
  topicNodeId,
  type FlowNode,
  type GroupNode,
  type TopicNode,
  type TypeRate,
} from "./graph.ts";
import { pluralWords } from "../text/words.ts";
import type { FlowRows } from "./rows.ts";
import { serviceNodes } from "./service-nodes.ts";

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
        ? `${pluralWords(deadLetters, "dead letter")} in the window`
        : sum && sum.errors > 0
          ? `${pluralWords(sum.errors, "error")} in the window`
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
      state === "failing"
        ? `${pluralWords(failed, "failed event")} in the window`
        : state === "normal"
          ? null
          : fact.reason;
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

export function nodesOf<L>(rows: FlowRows<L>, windowSeconds: number, summarise: Summarise<L>): FlowNode[] {
  const groups = groupNodes(rows);
  return [...topicNodes(rows, windowSeconds), ...groups, ...serviceNodes(rows, groups, windowSeconds, summarise)];
}
