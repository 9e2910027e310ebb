/** Applies a filter to the flow graph of a window. */
import type { Summarise } from "./edge-sums.ts";
import { edgesOf } from "./edges.ts";
import { groupNodeId, serviceNodeId, stateRank, topicNodeId, type FlowEdge, type FlowNode } from "./graph.ts";
import { nodesOf } from "./nodes.ts";
import type { FlowFilter, FlowRows } from "./rows.ts";

interface Graph {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

/**
 * The nodes and edges that match the filter, with numbers of the chosen event type only. `whole` is the
 * unfiltered graph.
 */
export function narrow<L>(rows: FlowRows<L>, filter: FlowFilter, summarise: Summarise<L>, whole: Graph): Graph {
  const anyEdgeFilter = [filter.service, filter.topic, filter.group, filter.type, filter.errors].some(
    (condition) => condition !== undefined,
  );
  if (!anyEdgeFilter && filter.cluster === undefined) return whole;

  const chosen = chooseRows(rows, filter);
  const edges = edgesOf(chosen, filter.windowSeconds, summarise).filter(edgeMatcher(rows, filter, whole.nodes));
  const nodes = nodesOf(chosen, filter.windowSeconds, summarise).filter(
    (node) => node.kind === "service" || isOfCluster(filter, node),
  );
  const wanted = new Set(edges.flatMap((edge) => [edge.from, edge.to, ...(edge.via === null ? [] : [edge.via])]));
  if (filter.service !== undefined) wanted.add(serviceNodeId(filter.service));
  for (const node of nodes) if (!anyEdgeFilter || isWanted(node, filter)) wanted.add(node.id);
  // A docked group is drawn on its service.
  for (const node of nodes)
    if (node.kind === "group" && node.serviceNode !== null && wanted.has(node.id)) wanted.add(node.serviceNode);
  return { nodes: nodes.filter((node) => wanted.has(node.id)), edges };
}

const isOfCluster = ({ cluster }: FlowFilter, fact: { readonly cluster: string }): boolean =>
  cluster === undefined || fact.cluster === cluster;

/** Filters rows instead of finished edges, so that the numbers on an edge are those of the chosen type. */
function chooseRows<L>(rows: FlowRows<L>, filter: FlowFilter): FlowRows<L> {
  const { type } = filter;
  const ofCluster = (fact: { readonly cluster: string }) => isOfCluster(filter, fact);
  const publishes = rows.publishes.filter((row) => ofCluster(row) && (type === undefined || row.type === type));
  const topicsOfType = new Set(publishes.map((row) => topicNodeId(row.cluster, row.topic)));
  return {
    topics: rows.topics.filter(ofCluster),
    groups: rows.groups.filter(ofCluster),
    publishes,
    consumes: rows.consumes.filter(
      (row) => ofCluster(row) && (type === undefined || topicsOfType.has(topicNodeId(row.cluster, row.topic))),
    ),
    causes: rows.causes.filter(
      (row) =>
        (ofCluster(row.from) || ofCluster(row.to)) &&
        (type === undefined || row.fromType === type || row.toType === type),
    ),
  };
}

/** Whether an edge matches all conditions of the filter but cluster and type, which choose rows. */
function edgeMatcher<L>(
  rows: FlowRows<L>,
  { service, topic, group, errors }: FlowFilter,
  nodes: readonly FlowNode[],
): (edge: FlowEdge) => boolean {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const serviceOf = new Map(
    rows.groups.flatMap((fact) =>
      fact.service === null ? [] : [[groupNodeId(fact.cluster, fact.group), serviceNodeId(fact.service)] as const],
    ),
  );
  const readTopics = new Set(
    group === undefined
      ? []
      : rows.consumes.filter((row) => row.group === group).map((row) => topicNodeId(row.cluster, row.topic)),
  );
  const groupIdOf = (edge: FlowEdge) => (edge.kind === "consume" ? edge.to : edge.via);

  const isOfService = (edge: FlowEdge): boolean => {
    const groupId = groupIdOf(edge);
    const actual = edge.kind === "publish" ? edge.from : groupId === null ? undefined : serviceOf.get(groupId);
    return service === undefined || serviceNodeId(service) === actual;
  };
  const isOfTopic = (edge: FlowEdge): boolean =>
    topic === undefined ||
    [edge.from, edge.to].some((id) => {
      const node = nodeOf.get(id);
      return node?.kind === "topic" && node.topic === topic;
    });
  // The services that publish to the topics of the group are shown with it.
  const isOfGroup = (edge: FlowEdge): boolean => {
    if (group === undefined) return true;
    if (edge.kind === "publish") return readTopics.has(edge.to);
    const node = nodeOf.get(groupIdOf(edge) ?? "");
    return node?.kind === "group" && node.group === group;
  };
  const hasErrors = (edge: FlowEdge): boolean =>
    errors === undefined || edge.errors > 0 || stateRank(edge.state) >= stateRank("failing");

  return (edge) => isOfService(edge) && isOfTopic(edge) && isOfGroup(edge) && hasErrors(edge);
}

/**
 * Whether a node is shown even without a matching edge: it is named, or it has errors and nothing else is asked for.
 */
function isWanted(node: FlowNode, { service, topic, group, type, errors }: FlowFilter): boolean {
  if (node.kind === "topic" && node.topic === topic) return true;
  if (node.kind === "group" && node.group === group) return true;
  const onlyErrors =
    errors !== undefined && [service, topic, group, type].every((condition) => condition === undefined);
  return onlyErrors && stateRank(node.state) >= stateRank("failing");
}
