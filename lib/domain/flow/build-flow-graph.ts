import { compare } from "../text/compare.ts";
import { edgesOf, type Summarise } from "./edges.ts";
import { groupNodeId, serviceNodeId, stateRank, topicNodeId, type FlowEdge, type FlowNode } from "./graph.ts";
import { openNeighbourhoods, seedsOf } from "./neighbourhood.ts";
import { nodesOf } from "./nodes.ts";
import type { FlowFilter, FlowRows } from "./rows.ts";

export interface FlowGraph {
  nodes: FlowNode[];
  edges: FlowEdge[];
  totalNodes: number;
  neighbourhoodOf: string[];
  filters: { services: string[]; types: string[] };
}

/** More nodes than this are a hairball: the graph opens as neighbourhoods. */
export const MAX_NODES = 150;

/**
 * The flow graph of one window: rates per second, states, docked groups, filtered and cut to what can be looked at. The
 * same rows in any order give the same graph in the same order. Keeps every known node when nothing is filtered, so the
 * picture stands still while traffic comes and goes; a filter keeps the edges that match all of it and their ends.
 */
export function buildFlowGraph<L>(rows: FlowRows<L>, filter: FlowFilter, summarise: Summarise<L>): FlowGraph {
  const whole = {
    nodes: nodesOf(rows, filter.windowSeconds, summarise),
    edges: edgesOf(rows, filter.windowSeconds, summarise),
  };
  const narrowed = narrow(rows, filter, summarise, whole);

  let keep = new Set(narrowed.nodes.map((node) => node.id));
  let neighbourhoodOf: string[] = [];
  if (filter.focus !== undefined) {
    keep = openNeighbourhoods(narrowed.nodes, narrowed.edges)([filter.focus], filter.hops, MAX_NODES);
    neighbourhoodOf = [filter.focus];
  } else if (keep.size > MAX_NODES) {
    ({ keep, neighbourhoodOf } = neighbourhoods(narrowed.nodes, narrowed.edges));
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
): { keep: Set<string>; neighbourhoodOf: string[] } {
  const keep = new Set<string>();
  const neighbourhoodOf: string[] = [];
  const nodesAround = openNeighbourhoods(nodes, edges);
  for (const seed of seedsOf(nodes, edges)) {
    if (keep.size >= MAX_NODES) break;
    // One seed among many must not fill the whole picture with a topic everybody reads.
    for (const id of nodesAround([seed], 2, MAX_NODES / 3)) {
      if (keep.size >= MAX_NODES) break;
      keep.add(id);
    }
    neighbourhoodOf.push(seed);
  }
  return { keep, neighbourhoodOf };
}

function narrow<L>(
  rows: FlowRows<L>,
  filter: FlowFilter,
  summarise: Summarise<L>,
  whole: { nodes: FlowNode[]; edges: FlowEdge[] },
): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const { cluster, service, topic, group, type } = filter;
  const ofCluster = (fact: { readonly cluster: string }) => cluster === undefined || fact.cluster === cluster;
  const nodeIsOfCluster = (node: FlowNode) => node.kind === "service" || ofCluster(node);
  const anyEdgeFilter =
    service !== undefined ||
    topic !== undefined ||
    group !== undefined ||
    type !== undefined ||
    filter.errors !== undefined;
  if (!anyEdgeFilter && cluster === undefined) return whole;

  // Filtering rows rather than finished edges keeps the numbers on an edge those of the chosen type.
  const publishes = rows.publishes.filter((row) => ofCluster(row) && (type === undefined || row.type === type));
  const carriers = new Set(publishes.map((row) => topicNodeId(row.cluster, row.topic)));
  const chosen: FlowRows<L> = {
    topics: rows.topics.filter(ofCluster),
    groups: rows.groups.filter(ofCluster),
    publishes,
    consumes: rows.consumes.filter(
      (row) => ofCluster(row) && (type === undefined || carriers.has(topicNodeId(row.cluster, row.topic))),
    ),
    causes: rows.causes.filter(
      (row) =>
        (ofCluster(row.from) || ofCluster(row.to)) &&
        (type === undefined || row.fromType === type || row.toType === type),
    ),
  };
  const serviceOf = new Map(
    rows.groups.flatMap((fact) =>
      fact.service === null ? [] : [[groupNodeId(fact.cluster, fact.group), serviceNodeId(fact.service)] as const],
    ),
  );
  const nodeStates = new Map(whole.nodes.map((node) => [node.id, node]));
  const readTopics = new Set(
    group === undefined
      ? []
      : rows.consumes.filter((row) => row.group === group).map((row) => topicNodeId(row.cluster, row.topic)),
  );

  const matches = (edge: FlowEdge): boolean => {
    const groupId = edge.kind === "consume" ? edge.to : edge.via;
    if (
      service !== undefined &&
      serviceNodeId(service) !==
        (edge.kind === "publish" ? edge.from : groupId === null ? null : serviceOf.get(groupId))
    )
      return false;
    if (
      topic !== undefined &&
      ![edge.from, edge.to].some((id) => {
        const node = nodeStates.get(id);
        return node?.kind === "topic" && node.topic === topic;
      })
    )
      return false;
    if (group !== undefined) {
      const node = groupId === null ? undefined : nodeStates.get(groupId);
      // Who feeds the group belongs to its picture.
      const isOfGroup =
        edge.kind === "publish" ? readTopics.has(edge.to) : node?.kind === "group" && node.group === group;
      if (!isOfGroup) return false;
    }
    return filter.errors === undefined || edge.errors > 0 || stateRank(edge.state) >= stateRank("failing");
  };
  const edges = edgesOf(chosen, filter.windowSeconds, summarise).filter(matches);
  const all = nodesOf(chosen, filter.windowSeconds, summarise).filter(nodeIsOfCluster);
  const wanted = new Set(edges.flatMap((edge) => [edge.from, edge.to, ...(edge.via === null ? [] : [edge.via])]));
  if (service !== undefined) wanted.add(serviceNodeId(service));
  for (const node of all) {
    const named = (node.kind === "topic" && node.topic === topic) || (node.kind === "group" && node.group === group);
    const inTrouble =
      filter.errors !== undefined &&
      stateRank(node.state) >= stateRank("failing") &&
      service === undefined &&
      topic === undefined &&
      group === undefined &&
      type === undefined;
    if (named || inTrouble || !anyEdgeFilter) wanted.add(node.id);
  }
  // A docked group is drawn on its service.
  for (const node of all)
    if (node.kind === "group" && node.serviceNode !== null && wanted.has(node.id)) wanted.add(node.serviceNode);
  return { nodes: all.filter((node) => wanted.has(node.id)), edges };
}

const byId = (a: { id: string }, b: { id: string }) => compare(a.id, b.id);
const sortedNames = (names: readonly string[]) => [...new Set(names)].sort();
