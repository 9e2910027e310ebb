import { compare } from "../text/compare.ts";
import type { Summarise } from "./edge-sums.ts";
import { edgesOf } from "./edges.ts";
import { MAX_NODES, type FlowEdge, type FlowNode } from "./graph.ts";
import { openNeighbourhoods, seedsOf } from "./neighbourhood.ts";
import { narrow } from "./narrow.ts";
import { nodesOf } from "./nodes.ts";
import type { FlowFilter, FlowRows } from "./rows.ts";

export interface FlowGraph {
  nodes: FlowNode[];
  edges: FlowEdge[];
  totalNodes: number;
  neighbourhoodOf: string[];
  filters: { services: string[]; types: string[] };
}

/**
 * The flow graph of one window: rates per second, states and docked groups, filtered and cut to at most `limit` nodes.
 * The result does not depend on the order of the rows. Without a filter every known node is kept, so that the layout
 * does not change with the traffic; a filter keeps the edges that match all its conditions, and their ends.
 */
export function buildFlowGraph<L>(rows: FlowRows<L>, filter: FlowFilter, summarise: Summarise<L>): FlowGraph {
  const whole = {
    nodes: nodesOf(rows, filter.windowSeconds, summarise),
    edges: edgesOf(rows, filter.windowSeconds, summarise),
  };
  const narrowed = narrow(rows, filter, summarise, whole);

  const limit = filter.limit ?? MAX_NODES;
  let keep = new Set(narrowed.nodes.map((node) => node.id));
  let neighbourhoodOf: string[] = [];
  if (filter.focus !== undefined) {
    keep = openNeighbourhoods(narrowed.nodes, narrowed.edges)([filter.focus], filter.hops, limit);
    neighbourhoodOf = [filter.focus];
  } else if (keep.size > limit) {
    ({ keep, neighbourhoodOf } = neighbourhoods(narrowed.nodes, narrowed.edges, limit));
  }
  return {
    nodes: narrowed.nodes.filter((node) => keep.has(node.id)).sort(byId),
    edges: narrowed.edges
      .filter((edge) => keep.has(edge.from) && keep.has(edge.to))
      .map((edge) => (edge.via === null || keep.has(edge.via) ? edge : { ...edge, via: null }))
      .sort(byId),
    totalNodes: whole.nodes.length,
    neighbourhoodOf,
    filters: {
      services: sortedNames(whole.nodes.flatMap((node) => (node.kind === "service" ? [node.label] : []))),
      types: sortedNames(rows.publishes.flatMap((row) => (row.type === null ? [] : [row.type]))),
    },
  };
}

function neighbourhoods(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
  limit: number,
): { keep: Set<string>; neighbourhoodOf: string[] } {
  const keep = new Set<string>();
  const neighbourhoodOf: string[] = [];
  const nodesAround = openNeighbourhoods(nodes, edges);
  for (const seed of seedsOf(nodes, edges, limit > MAX_NODES)) {
    if (keep.size >= limit) break;
    // Limited, so that one seed with a topic that many groups read leaves room for the others.
    for (const id of nodesAround([seed], 2, limit / 3)) {
      if (keep.size >= limit) break;
      keep.add(id);
    }
    neighbourhoodOf.push(seed);
  }
  return { keep, neighbourhoodOf };
}

const byId = (a: { id: string }, b: { id: string }) => compare(a.id, b.id);
const sortedNames = (names: readonly string[]) => [...new Set(names)].sort();
