/** Cuts a graph to the neighbourhoods of some of its nodes. */
import { stateRank, type FlowEdge, type FlowNode } from "./graph.ts";

/** Maps each node to its box: a docked group and its service are one box on the page, and so one step here. */
function boxesOf(nodes: readonly FlowNode[]): Map<string, string> {
  return new Map(
    nodes.map((node) => [node.id, node.kind === "group" && node.serviceNode !== null ? node.serviceNode : node.id]),
  );
}

function neighboursOf(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
  boxes: ReadonlyMap<string, string>,
): Map<string, string[]> {
  // Arrays with possible duplicates: for tens of thousands of boxes, building sets takes longer than the whole search.
  const neighbours = new Map<string, string[]>();
  const add = (box: string, neighbour: string) => {
    const known = neighbours.get(box);
    if (known === undefined) neighbours.set(box, [neighbour]);
    else known.push(neighbour);
  };
  for (const edge of edges) {
    // A cause edge runs through a group, whose box is a step between its ends.
    if (edge.kind === "cause" && edge.via !== null) continue;
    const from = boxes.get(edge.from);
    const to = boxes.get(edge.to);
    if (from === undefined || to === undefined) continue;
    add(from, to);
    add(to, from);
  }
  return neighbours;
}

export type NodesAround = (seeds: readonly string[], hops: number, limit: number) => Set<string>;

/**
 * Prepares breadth-first search. The returned function gives the ids of all nodes at most `hops` steps from the seeds,
 * nearest first, at most `limit`; only the last box, which stays whole, may exceed it.
 */
export function openNeighbourhoods(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): NodesAround {
  const boxes = boxesOf(nodes);
  const neighbours = neighboursOf(nodes, edges, boxes);
  const members = new Map<string, string[]>();
  for (const [id, box] of boxes) {
    const known = members.get(box);
    if (known) known.push(id);
    else members.set(box, [id]);
  }
  return (seeds, hops, limit) =>
    walk(
      seeds.flatMap((seed) => boxes.get(seed) ?? []),
      hops,
      limit,
      neighbours,
      members,
    );
}

function walk(
  start: readonly string[],
  hops: number,
  limit: number,
  neighbours: ReadonlyMap<string, readonly string[]>,
  members: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const kept = new Set<string>();
  const visited = new Set<string>();
  let ring = [...new Set(start)];
  for (let hop = 0; hop <= hops && ring.length > 0; hop++) {
    const next = new Set<string>();
    for (const box of ring) {
      if (visited.has(box)) continue;
      if (kept.size >= limit) return kept;
      visited.add(box);
      for (const id of members.get(box) ?? []) kept.add(id);
      for (const neighbour of neighbours.get(box) ?? []) if (!visited.has(neighbour)) next.add(neighbour);
    }
    ring = [...next].sort();
  }
  return kept;
}

/**
 * The boxes to show first of a graph that is too big: those in trouble, the worst first; if there are none, or more is
 * asked for, then all by traffic.
 */
export function seedsOf(nodes: readonly FlowNode[], edges: readonly FlowEdge[], more: boolean): string[] {
  const boxes = boxesOf(nodes);
  const trouble = new Map<string, number>();
  for (const node of nodes) {
    const rank = stateRank(node.state);
    const box = boxes.get(node.id) ?? node.id;
    if (rank >= stateRank("lagging")) trouble.set(box, Math.max(trouble.get(box) ?? 0, rank));
  }
  const traffic = new Map<string, number>();
  for (const edge of edges) {
    if (edge.kind === "cause") continue;
    for (const end of [edge.from, edge.to]) {
      const box = boxes.get(end) ?? end;
      traffic.set(box, (traffic.get(box) ?? 0) + edge.events);
    }
  }
  const busier = (a: string, b: string) => (traffic.get(b) ?? 0) - (traffic.get(a) ?? 0) || (a < b ? -1 : 1);
  const worst = [...trouble.keys()].sort((a, b) => (trouble.get(b) ?? 0) - (trouble.get(a) ?? 0) || busier(a, b));
  if (worst.length > 0 && !more) return worst;
  const others = [...new Set(boxes.values())].filter((box) => !trouble.has(box)).sort(busier);
  return [...worst, ...others];
}
