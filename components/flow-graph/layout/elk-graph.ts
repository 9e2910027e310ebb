/** Converts a part of a scene to the input of ELK, and its output to a layout. */
import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { Draft } from "./draft.ts";
import type { LaidOutPart } from "./layout.ts";
import { structureOf, type Scene } from "../scene.ts";
import { chipCentre, sizeOf } from "./sizes.ts";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
  "elk.edgeRouting": "SPLINES",
  "elk.layered.edgeRouting.splines.mode": "CONSERVATIVE_SOFT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "34",
  "elk.layered.spacing.edgeNodeBetweenLayers": "12",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "7",
  // We assign the columns: ELK would cut a cycle anywhere.
  "elk.partitioning.activate": "true",
  "elk.layered.feedbackEdges": "true",
  "elk.separateConnectedComponents": "false",
} as const;

export const THOROUGH = {
  "elk.spacing.nodeNode": "46",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "14",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.layered.crossingMinimization.greedySwitch.type": "TWO_SIDED",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.considerModelOrder.crossingCounterNodeInfluence": "0.01",
  "elk.layered.thoroughness": "12",
} as const;

/** From this many boxes on, a thorough layout takes many seconds. */
const LARGE = 26;
const FAST = {
  "elk.spacing.nodeNode": "26",
  "elk.spacing.edgeNode": "10",
  "elk.spacing.edgeEdge": "6",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  // The order within the columns is that of the draft: looking for a better one takes most of the time.
  "elk.layered.crossingMinimization.strategy": "INTERACTIVE",
} as const;

const OUT = "out";
const port = (box: string, name: string) => `${box}\u0000${name}`;

/** Columns and the order within them come from the draft. */
export function toElk(
  scene: Scene,
  draft: Draft,
  effort: Readonly<Record<string, string>> = scene.boxes.length < LARGE ? THOROUGH : FAST,
): ElkNode {
  const drafted = draft.part.boxes;
  const yOf = (id: string) => drafted.get(id)?.y ?? 0;
  const boxes = scene.boxes.toSorted((a, b) => yOf(a.id) - yOf(b.id) || (a.id < b.id ? -1 : 1));
  const order = new Map(boxes.map((box, index) => [box.id, index]));
  const columnOf = new Map(draft.columns.flatMap((ids, column) => ids.map((id) => [id, column] as const)));
  const rank = (id: string) => order.get(id) ?? 0;
  return {
    id: "root",
    layoutOptions: { ...OPTIONS, ...effort },
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
        x: drafted.get(box.id)?.x ?? 0,
        y: drafted.get(box.id)?.y ?? 0,
        layoutOptions: {
          "elk.portConstraints": "FIXED_POS",
          "elk.partitioning.partition": String(columnOf.get(box.id) ?? 0),
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

export function fromElk(scene: Scene, graph: ElkNode): LaidOutPart {
  return {
    structure: structureOf(scene),
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    boxes: new Map(
      (graph.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => [id, { x, y, width, height }]),
    ),
    links: new Map(
      (graph.edges ?? []).flatMap(({ id, sections }) => {
        const section = sections?.[0];
        return section ? [[id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]] as const] : [];
      }),
    ),
    isDraft: false,
  };
}
