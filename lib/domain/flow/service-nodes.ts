/** The services of a window: those that publish, and those to which its groups belong. */
import type { Summarise } from "./edge-sums.ts";
import { serviceNodeId, groupNodeId, stateRank, type GroupNode, type ServiceNode, type HealthState } from "./graph.ts";
import { pluralWords } from "../text/words.ts";
import type { FlowRows } from "./rows.ts";

/** A service has the worst state of its groups, or is failing if events that it published report errors. */
export function serviceNodes<L>(
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
        ? `${pluralWords(sum.errors, "event")} it published report an error`
        : ofGroups === "normal"
          ? null
          : (sum.worst?.stateReason ?? null),
    };
  });
}
