/** Converts a scene to the input of ELK, and its output to a layout. */
import type { ElkExtendedEdge, ElkNode, ElkPoint } from "elkjs/lib/elk-api.js";
import { layersOf } from "./layers.ts";
import type { BoxPosition, Layout } from "./layout.ts";
import type { Scene } from "../scene.ts";
import { chipCentre, sizeOf } from "./sizes.ts";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "SPLINES",
  "elk.layered.edgeRouting.splines.mode": "CONSERVATIVE_SOFT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "34",
  "elk.layered.spacing.edgeNodeBetweenLayers": "12",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "7",
  "elk.spacing.nodeNode": "46",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "14",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.layered.crossingMinimization.greedySwitch.type": "TWO_SIDED",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.considerModelOrder.crossingCounterNodeInfluence": "0.01",
  // We assign the columns: ELK would cut a cycle anywhere.
  "elk.partitioning.activate": "true",
  "elk.layered.feedbackEdges": "true",
  "elk.layered.thoroughness": "12",
  "elk.separateConnectedComponents": "false",
} as const;

const OUT = "out";
const port = (box: string, name: string) => `${box}\u0000${name}`;

/** The previous layout gives the vertical order: a box that was above another stays above where possible. */
export function toElk(scene: Scene, before: Layout): ElkNode {
  const heightOf = (id: string) => before.boxes.get(id)?.y ?? Number.MAX_SAFE_INTEGER;
  const boxes = scene.boxes.toSorted((a, b) => heightOf(a.id) - heightOf(b.id) || (a.id < b.id ? -1 : 1));
  const order = new Map(boxes.map((box, index) => [box.id, index]));
  const layers = layersOf(scene, before);
  const rank = (id: string) => order.get(id) ?? 0;
  return {
    id: "root",
    layoutOptions: OPTIONS,
    children: boxes.map((box) => {
      const { width, height } = sizeOf(box);
      const docked = box.kind === "service" ? box.docked : [];
      const side = (name: string, x: number, y: number, where: "WEST" | "EAST") => ({
        id: port(box.id, name),
        width: 0,
        height: 0,
        x,
        y,
        layoutOptions: { "elk.port.side": where },
      });
      return {
        id: box.id,
        width,
        height,
        layoutOptions: {
          "elk.portConstraints": "FIXED_POS",
          "elk.partitioning.partition": String(layers.get(box.id) ?? 0),
        },
        ports: [
          side(OUT, width, height / 2, "EAST"),
          ...(docked.length > 0
            ? docked.map((group, index) => side(group.id, 0, chipCentre(index, docked.length, height), "WEST"))
            : [side("in", 0, height / 2, "WEST")]),
        ],
      };
    }),
    edges: scene.links
      .toSorted((a, b) => rank(a.source) - rank(b.source) || rank(a.target) - rank(b.target) || (a.id < b.id ? -1 : 1))
      .map(
        (link): ElkExtendedEdge => ({
          id: link.id,
          sources: [port(link.source, OUT)],
          targets: [port(link.target, link.dock ?? "in")],
        }),
      ),
  };
}

export function fromElk(graph: ElkNode): Layout {
  const boxes = new Map(
    (graph.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => [id, { x, y, width, height }]),
  );
  const paths = new Map(
    (graph.edges ?? []).flatMap((edge) => {
      const section = edge.sections?.[0];
      return section
        ? [[edge.id, splinePath(section.startPoint, section.bendPoints ?? [], section.endPoint)] as const]
        : [];
    }),
  );
  return { boxes, paths };
}

const at = ({ x, y }: ElkPoint) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/**
 * ELK returns control points of cubic Bézier segments: two per segment and one where segments meet. One or two
 * remaining points are drawn as a line or a quadratic curve.
 */
export function splinePath(start: ElkPoint, bends: readonly ElkPoint[], end: ElkPoint): string {
  const points = [...bends, end];
  if (bends.length === 0) return curve(start, end);
  let path = `M${at(start)}`;
  let i = 0;
  for (; i + 2 < points.length; i += 3) {
    const [c1, c2, to] = points.slice(i, i + 3);
    if (c1 && c2 && to) path += `C${at(c1)} ${at(c2)} ${at(to)}`;
  }
  const rest = points.slice(i);
  if (rest.length === 2 && rest[0] && rest[1]) path += `Q${at(rest[0])} ${at(rest[1])}`;
  else if (rest[0]) path += `L${at(rest[0])}`;
  return path;
}

/** An S-curve from a right edge to a left edge. */
export function curve(from: ElkPoint, to: ElkPoint): string {
  const bend = Math.max(24, Math.abs(to.x - from.x) / 2);
  return `M${at(from)}C${at({ x: from.x + bend, y: from.y })} ${at({ x: to.x - bend, y: to.y })} ${at(to)}`;
}

/** An arc from the top of one box to the top of another, above the boxes between. */
export function arc(from: BoxPosition, to: BoxPosition): string {
  const start = { x: from.x + from.width / 2, y: from.y };
  const end = { x: to.x + to.width / 2, y: to.y };
  const lift = Math.min(140, 36 + Math.abs(end.x - start.x) * 0.16);
  const inset = (end.x - start.x) * 0.2;
  const rise = { x: start.x + inset, y: start.y - lift };
  const fall = { x: end.x - inset, y: end.y - lift };
  return `M${at(start)}C${at(rise)} ${at(fall)} ${at(end)}`;
}
