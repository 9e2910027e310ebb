/** Columns of a part that are not too tall for the window: a long one is continued in the next. */
import { aspectOf, type Frame, type Layout } from "./layout.ts";
import { layersOf } from "./layers.ts";
import type { Scene } from "../scene.ts";
import { sizeOf, type Size } from "./sizes.ts";

export const COLUMN_GAP = 74;
const ROW_GAP = 22;
const LEAST_ROWS = 6;
/** A part of at most so many times the window's height can be read without zooming in. */
const TOO_TALL = 1.4;

/** Columns from left to right; each link goes from a column to a later one, but for those that close a cycle. */
export function columnsOf(scene: Scene, before: Pick<Layout, "boxes">, frame: Frame): string[][] {
  const sizes = new Map(scene.boxes.map((box) => [box.id, sizeOf(box)]));
  const layers = layersOf(scene, before);
  const columns = [...Map.groupBy(scene.boxes, (box) => layers.get(box.id) ?? 0)]
    .sort(([a], [b]) => a - b)
    .map(([, boxes]) => boxes.map((box) => box.id).sort());
  const sources = new Set(scene.links.map((link) => link.source));
  const targets = new Set(scene.links.map((link) => link.target));
  // What ends here comes first, so that what goes on from here, or only begins here, is nearest to the next column.
  const goesOn = (id: string) => (!sources.has(id) ? 0 : targets.has(id) ? 1 : 2);
  const ordered = columns.map((ids) => ids.toSorted((a, b) => goesOn(a) - goesOn(b)));
  let rows = Math.max(...ordered.map((ids) => ids.length));
  let cut = ordered;
  while (rows > LEAST_ROWS && isTall(cut, sizes, frame)) {
    rows = Math.max(LEAST_ROWS, Math.floor(rows * 0.85));
    cut = ordered.flatMap((ids) => inPieces(ids, rows));
  }
  return cut;
}

function isTall(columns: readonly (readonly string[])[], sizes: ReadonlyMap<string, Size>, frame: Frame): boolean {
  const size = (id: string) => sizes.get(id) ?? { width: 0, height: 0 };
  const width = columns.reduce((sum, ids) => sum + COLUMN_GAP + Math.max(...ids.map((id) => size(id).width)), 0);
  const height = Math.max(...columns.map((ids) => ids.reduce((sum, id) => sum + ROW_GAP + size(id).height, 0)));
  return height > TOO_TALL * frame.height && height > (1.2 * width) / aspectOf(frame);
}

/** Pieces of about the same length. */
function inPieces(ids: readonly string[], most: number): string[][] {
  const pieces = Math.ceil(ids.length / most);
  return Array.from({ length: pieces }, (_, piece) =>
    ids.slice(Math.floor((piece * ids.length) / pieces), Math.floor(((piece + 1) * ids.length) / pieces)),
  );
}
