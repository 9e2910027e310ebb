/** Places laid-out parts beside each other, so that together they have the shape of the window. */
import type { ElkNode } from "elkjs/lib/elk-api.js";
import { splinePath } from "./paths.ts";
import type { BoxPosition, LaidOutPart, Layout, PlacedPart } from "./layout.ts";

const GAP = 40;

/** The input of ELK's packing of rectangles: the parts in the order given, wrapped to the shape of the window. */
export const toPacking = (parts: readonly LaidOutPart[], aspect: number): ElkNode => ({
  id: "parts",
  layoutOptions: {
    "elk.algorithm": "rectpacking",
    "elk.aspectRatio": String(aspect),
    "elk.padding": "[top=0,left=0,bottom=0,right=0]",
    "elk.spacing.nodeNode": String(GAP),
    "elk.contentAlignment": "[H_LEFT, V_TOP]",
  },
  children: parts.map(({ width, height }, index) => ({ id: String(index), width, height })),
});

export const fromPacking = (parts: readonly LaidOutPart[], packed: ElkNode): PlacedPart[] =>
  (packed.children ?? []).flatMap(({ id, x = 0, y = 0 }) => {
    const part = parts[Number(id)];
    return part ? [{ x, y, part }] : [];
  });

/** The tallest first, which packs best; parts of the same height by name, so that the order is always the same. */
export const inPackingOrder = (parts: readonly LaidOutPart[]): LaidOutPart[] =>
  parts
    .map((part) => ({ part, name: [...part.boxes.keys()].reduce((least, id) => (id < least ? id : least), "\uffff") }))
    .sort((a, b) => b.part.height - a.part.height || (a.name < b.name ? -1 : 1))
    .map(({ part }) => part);

export function compose(parts: readonly PlacedPart[]): Layout {
  const boxes = new Map<string, BoxPosition>();
  const paths = new Map<string, string>();
  for (const { x, y, part } of parts) {
    for (const [id, box] of part.boxes) boxes.set(id, { ...box, x: box.x + x, y: box.y + y });
    for (const [id, points] of part.links) {
      const [start, ...rest] = points.map((point) => ({ x: point.x + x, y: point.y + y }));
      const end = rest.pop();
      if (start && end) paths.set(id, splinePath(start, rest, end));
    }
  }
  return { boxes, paths, parts };
}

export function extentOf(parts: readonly PlacedPart[]): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(0, ...parts.map(({ x, part }) => x + part.width)),
    height: Math.max(0, ...parts.map(({ y, part }) => y + part.height)),
  };
}
