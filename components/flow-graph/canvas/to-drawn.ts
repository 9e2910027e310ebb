/** Converts a scene and its layout to the nodes and edges of React Flow. */
import { replaceEqualDeep } from "@tanstack/react-query";
import { Position } from "reactflow";
import type { BoxNode } from "./boxes.tsx";
import { arc, curve } from "../layout/paths.ts";
import type { Layout, BoxPosition } from "../layout/layout.ts";
import type { LinkEdge } from "./links.tsx";
import { dotsOf, groupWords, serviceWords, accessibleName, topicWords } from "../appearance.ts";
import { causesOf, neighboursOf, type Box, type Link, type Scene } from "../scene.ts";

/**
 * Every dot costs time in every frame. With many links each gets fewer dots, but at least one where events flow, up to
 * this total.
 */
const MOST_DOTS = 64;

interface GraphInput {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly windowSeconds: number;
  readonly selected: string | null;
  readonly allCauses: boolean;
  readonly moving: boolean;
  readonly onSelectGroup: (id: string) => void;
}

interface Drawn {
  readonly nodes: BoxNode[];
  readonly edges: LinkEdge[];
}

/**
 * Draws one graph after the other. A node or edge that is equal to the last one is the same object: React Flow then
 * does not draw it anew, and of five hundred boxes a second changes only some.
 */
export function openDrawing(): (input: GraphInput) => Drawn {
  let nodes = new Map<string, BoxNode>();
  let edges = new Map<string, LinkEdge>();
  return (input) => {
    const drawn = toDrawn(input);
    const same = {
      nodes: drawn.nodes.map((node) => replaceEqualDeep<BoxNode>(nodes.get(node.id), node)),
      edges: drawn.edges.map((edge) => replaceEqualDeep<LinkEdge>(edges.get(edge.id), edge)),
    };
    nodes = new Map(same.nodes.map((node) => [node.id, node]));
    edges = new Map(same.edges.map((edge) => [edge.id, edge]));
    return same;
  };
}

function toDrawn({ scene, layout, windowSeconds, selected, allCauses, moving, onSelectGroup }: GraphInput): Drawn {
  const near = neighboursOf(scene, selected);
  const nodes = scene.boxes.flatMap((box): BoxNode[] => {
    const placed = layout.boxes.get(box.id);
    if (!placed) return [];
    const chosenGroup =
      box.kind === "service"
        ? (box.docked.find((group) => group.id === selected)?.id ?? null)
        : box.kind === "group" && box.id === selected
          ? box.id
          : null;
    return [
      {
        id: box.id,
        // React Flow reserves the name "group".
        type: box.kind === "group" ? "lone-group" : box.kind,
        position: { x: placed.x, y: placed.y },
        width: placed.width,
        height: placed.height,
        // The layout gives the size, so React Flow need not measure.
        measured: { width: placed.width, height: placed.height },
        handles: [
          { type: "target", position: Position.Left, x: 0, y: placed.height / 2 },
          { type: "source", position: Position.Right, x: placed.width, y: placed.height / 2 },
        ],
        selected: box.id === selected,
        ariaRole: "button",
        ariaLabel: accessibleName(box.node, wordsOf(box, windowSeconds)),
        domAttributes: { "aria-pressed": box.id === selected },
        data: { box, windowSeconds, faded: near !== null && !near.has(box.id), chosenGroup, onSelectGroup },
      },
    ];
  });

  const wantedDots = scene.links.reduce((sum, link) => sum + dotsOf(link.edge).dots, 0);
  const share = Math.min(1, MOST_DOTS / Math.max(1, wantedDots));
  let dotsLeft = moving ? MOST_DOTS : 0;
  const drawn = scene.links.flatMap((link): LinkEdge[] => {
    const [from, to] = ends(link, layout);
    if (!from || !to) return [];
    const faded = near !== null && !near.has(link.id);
    const { dots: wanted, seconds } = faded ? { dots: 0, seconds: 0 } : dotsOf(link.edge);
    const dots = Math.min(wanted === 0 ? 0 : Math.max(1, Math.floor(wanted * share)), dotsLeft);
    dotsLeft -= dots;
    const path =
      layout.paths.get(link.id) ??
      curve({ x: from.x + from.width, y: from.y + from.height / 2 }, { x: to.x, y: to.y + to.height / 2 });
    return [{ ...base(link, selected), type: "link", data: { edge: link.edge, path, faded, dots, seconds } }];
  });
  const causes = causesOf(scene, selected, allCauses).flatMap((link): LinkEdge[] => {
    const [from, to] = ends(link, layout);
    return from && to
      ? [
          {
            ...base(link, selected),
            type: "cause",
            zIndex: 1,
            data: { edge: link.edge, path: arc(from, to), faded: false, dots: 0, seconds: 0 },
          },
        ]
      : [];
  });
  return { nodes, edges: [...drawn, ...causes] };
}

const base = (link: Link, selected: string | null) => ({
  id: link.id,
  source: link.source,
  target: link.target,
  selected: link.id === selected,
  focusable: false,
});
const ends = (link: Link, layout: Layout): readonly [BoxPosition | undefined, BoxPosition | undefined] => [
  layout.boxes.get(link.source),
  layout.boxes.get(link.target),
];

const wordsOf = (box: Box, windowSeconds: number): string =>
  box.kind === "topic"
    ? topicWords(box.node, windowSeconds)
    : box.kind === "group"
      ? groupWords(box.node)
      : serviceWords(box.node, box.docked);
