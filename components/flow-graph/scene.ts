/**
 * Converts the API's graph to what is drawn: a group of a known service is docked on its service's box, others have
 * their own box.
 */
import type { HealthState } from "#lib/contracts/common.ts";
import type { FlowEdge, FlowGraphView, FlowNode, GroupNode, ServiceNode, TopicNode } from "#lib/contracts/flow.ts";

export type Box =
  | { readonly kind: "service"; readonly id: string; readonly node: ServiceNode; readonly docked: readonly GroupNode[] }
  | { readonly kind: "topic"; readonly id: string; readonly node: TopicNode }
  | { readonly kind: "group"; readonly id: string; readonly node: GroupNode };

/** An edge between two boxes; `dock` is the group whose chip a consume edge ends at. */
export interface Link {
  readonly id: string;
  readonly edge: FlowEdge;
  readonly source: string;
  readonly target: string;
  readonly dock: string | null;
}

export interface Scene {
  readonly boxes: readonly Box[];
  /** publish and consume edges: they determine the layout */
  readonly links: readonly Link[];
  /** cause edges: drawn on top, on request */
  readonly causes: readonly Link[];
  readonly nodeById: ReadonlyMap<string, FlowNode>;
  readonly edgeById: ReadonlyMap<string, FlowEdge>;
}

export function toScene(view: FlowGraphView): Scene {
  const nodeById = new Map(view.nodes.map((node) => [node.id, node]));
  const edgeById = new Map(view.edges.map((edge) => [edge.id, edge]));
  const docked = new Map<string, GroupNode[]>();
  const dockOf = new Map<string, string>();
  for (const node of view.nodes) {
    if (node.kind !== "group" || node.serviceNode === null || !nodeById.has(node.serviceNode)) continue;
    docked.set(node.serviceNode, [...(docked.get(node.serviceNode) ?? []), node]);
    dockOf.set(node.id, node.serviceNode);
  }
  const boxes = view.nodes.flatMap((node): Box[] => {
    if (node.kind === "topic") return [{ kind: "topic", id: node.id, node }];
    if (node.kind === "service")
      return [
        {
          kind: "service",
          id: node.id,
          node,
          docked: (docked.get(node.id) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        },
      ];
    return dockOf.has(node.id) ? [] : [{ kind: "group", id: node.id, node }];
  });
  const drawn = new Set(boxes.map((box) => box.id));
  const linksOf = (wanted: (edge: FlowEdge) => boolean): Link[] =>
    view.edges.flatMap((edge) => {
      if (!wanted(edge)) return [];
      const link = {
        id: edge.id,
        edge,
        source: dockOf.get(edge.from) ?? edge.from,
        target: dockOf.get(edge.to) ?? edge.to,
        dock: dockOf.has(edge.to) ? edge.to : null,
      };
      return drawn.has(link.source) && drawn.has(link.target) ? [link] : [];
    });
  return {
    boxes,
    links: linksOf((edge) => edge.kind !== "cause"),
    causes: linksOf((edge) => edge.kind === "cause"),
    nodeById,
    edgeById,
  };
}

/** What the layout depends on: the ids of boxes, chips and links, not their numbers. */
export const structureOf = (scene: Scene): ReadonlySet<string> =>
  new Set([
    ...scene.boxes.flatMap((box) => [
      box.id,
      ...(box.kind === "service" ? box.docked.map((group) => `${box.id}⊃${group.id}`) : []),
    ]),
    ...scene.links.map((link) => link.id),
  ]);

export const isPartOf = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  part.size <= whole.size && [...part].every((id) => whole.has(id));

/** The ids around the selection: the box, its links and the boxes at their other ends. Null without a selection. */
export function neighboursOf(scene: Scene, selected: string | null): ReadonlySet<string> | null {
  if (selected === null) return null;
  const edge = scene.edgeById.get(selected);
  const near = new Set([selected]);
  const all = [...scene.links, ...scene.causes];
  for (const link of all) {
    const touches = edge
      ? link.id === selected
      : link.source === selected ||
        link.target === selected ||
        link.dock === selected ||
        link.edge.from === selected ||
        link.edge.via === selected;
    if (touches) for (const id of [link.id, link.source, link.target]) near.add(id);
  }
  const node = scene.nodeById.get(selected);
  if (node?.kind === "group" && node.serviceNode !== null) near.add(node.serviceNode);
  return near.size > 1 || node ? near : null;
}

/** The causes to draw: all on request, otherwise those of the selection. */
export function causesOf(scene: Scene, selected: string | null, all: boolean): readonly Link[] {
  if (all) return scene.causes;
  if (selected === null) return [];
  const node = scene.nodeById.get(selected);
  const vias = new Set(
    node?.kind === "service"
      ? [...scene.nodeById.values()]
          .filter((one) => one.kind === "group" && one.serviceNode === selected)
          .map((one) => one.id)
      : [selected],
  );
  return scene.causes.filter(
    (link) =>
      link.id === selected ||
      link.edge.from === selected ||
      link.edge.to === selected ||
      (link.edge.via !== null && vias.has(link.edge.via)),
  );
}

const RANK: Readonly<Record<HealthState, number>> = { normal: 0, unknown: 1, lagging: 2, failing: 3, stuck: 4 };
export const byTrouble = (a: { readonly state: HealthState }, b: { readonly state: HealthState }): number =>
  RANK[b.state] - RANK[a.state];
