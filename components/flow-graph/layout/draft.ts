/** A simple layout, ready in milliseconds: columns, ordered so that few links cross. */
import { COLUMN_GAP, columnsOf } from "./columns.ts";
import { aspectOf, type BoxPosition, type Frame, type LaidOutPart, type Layout } from "./layout.ts";
import { structureOf, type Scene } from "../scene.ts";
import { chipCentre, sizeOf, type Size } from "./sizes.ts";

const ROW_GAP = 26;
const BAND_GAP = 56;
const SWEEPS = 6;
/** A part of at most so many times the window's width can be read without zooming in. */
const TOO_WIDE = 1.8;
/** A part is continued below where it is this much wider, in relation to its height, than the window. */
const TOO_FLAT = 2;
const MOST_BANDS = 12;

export interface Draft {
  /** ids from left to right, each column from top to bottom */
  readonly columns: readonly (readonly string[])[];
  readonly part: LaidOutPart;
}

/** `before` is the layout that is shown: what is known from there keeps its order. */
export function draftOf(scene: Scene, before: Pick<Layout, "boxes">, frame: Frame): Draft {
  const columns = ordered(columnsOf(scene, before, frame), scene, before);
  const sizes = new Map(scene.boxes.map((box) => [box.id, sizeOf(box)]));
  const boxes = new Map<string, BoxPosition>();
  let width = 0;
  let height = 0;
  for (const band of inBands(columns, sizes, frame)) {
    const top = height === 0 ? 0 : height + BAND_GAP;
    const extent = positionBand(band, top, sizes, boxes);
    width = Math.max(width, extent.width);
    height = top + extent.height;
  }
  const part = { structure: structureOf(scene), width, height, boxes, links: linksOf(scene, boxes), isDraft: true };
  return { columns, part };
}

type Columns = readonly (readonly string[])[];
type Sizes = ReadonlyMap<string, Size>;
const sizeIn = (sizes: Sizes, id: string): Size => sizes.get(id) ?? { width: 0, height: 0 };
const widthOf = (sizes: Sizes, ids: readonly string[]) => Math.max(0, ...ids.map((id) => sizeIn(sizes, id).width));
const heightOf = (sizes: Sizes, ids: readonly string[]) =>
  ids.reduce((sum, id) => sum + sizeIn(sizes, id).height, 0) + ROW_GAP * Math.max(0, ids.length - 1);

/** A long chain of columns, broken like lines of text. */
function inBands(columns: Columns, sizes: Sizes, frame: Frame): Columns[] {
  const aspect = aspectOf(frame);
  const lengthOf = (band: Columns) => band.reduce((sum, ids) => sum + widthOf(sizes, ids) + COLUMN_GAP, 0);
  const shapeOf = (bands: readonly Columns[]) => {
    const width = Math.max(...bands.map(lengthOf));
    const heights = bands.map((band) => Math.max(...band.map((ids) => heightOf(sizes, ids))) + BAND_GAP);
    return width / heights.reduce((sum, height) => sum + height, 0);
  };
  let bands: Columns[] = [columns];
  if (lengthOf(columns) < TOO_WIDE * frame.width || shapeOf(bands) < TOO_FLAT * aspect) return bands;
  for (let count = 2; count <= Math.min(MOST_BANDS, columns.length) && shapeOf(bands) > aspect; count++) {
    const perBand = Math.ceil(columns.length / count);
    bands = Array.from({ length: Math.ceil(columns.length / perBand) }, (_, band) =>
      columns.slice(band * perBand, (band + 1) * perBand),
    );
  }
  return bands;
}

function positionBand(band: Columns, top: number, sizes: Sizes, boxes: Map<string, BoxPosition>): Size {
  const height = Math.max(0, ...band.map((ids) => heightOf(sizes, ids)));
  let x = 0;
  for (const ids of band) {
    let y = top + (height - heightOf(sizes, ids)) / 2;
    for (const id of ids) {
      boxes.set(id, { x, y, ...sizeIn(sizes, id) });
      y += sizeIn(sizes, id).height + ROW_GAP;
    }
    x += widthOf(sizes, ids) + COLUMN_GAP;
  }
  return { width: x - COLUMN_GAP, height };
}

function linksOf(scene: Scene, boxes: ReadonlyMap<string, BoxPosition>): LaidOutPart["links"] {
  const boxOf = new Map(scene.boxes.map((box) => [box.id, box]));
  return new Map(
    scene.links.flatMap((link) => {
      const [from, to, target] = [boxes.get(link.source), boxes.get(link.target), boxOf.get(link.target)];
      if (!from || !to) return [];
      const docked = target?.kind === "service" ? target.docked : [];
      const chip = docked.findIndex((group) => group.id === link.dock);
      const entry = chip < 0 ? to.height / 2 : chipCentre(chip, docked.length, to.height);
      return [
        [
          link.id,
          [
            { x: from.x + from.width, y: from.y + from.height / 2 },
            { x: to.x, y: to.y + entry },
          ],
        ] as const,
      ];
    }),
  );
}

/**
 * Each column by the mean place of what its boxes are linked to, in sweeps from the left and from the right. What was
 * shown before is in order already: only new boxes look for their place.
 */
function ordered(columns: Columns, scene: Scene, before: Pick<Layout, "boxes">): string[][] {
  const linked = new Map<string, string[]>();
  const add = (id: string, other: string) => {
    const known = linked.get(id);
    if (known) known.push(other);
    else linked.set(id, [other]);
  };
  for (const { source, target } of scene.links) {
    add(source, target);
    add(target, source);
  }
  const shown = scene.boxes.filter((box) => before.boxes.has(box.id)).length;
  if (shown > scene.boxes.length / 2) {
    const yOf = (id: string): number => {
      const known = [id, ...(linked.get(id) ?? [])].flatMap((one) => before.boxes.get(one)?.y ?? []);
      return before.boxes.get(id)?.y ?? (known.length === 0 ? Infinity : known.reduce((a, b) => a + b) / known.length);
    };
    return columns.map((ids) => ids.toSorted((a, b) => byNumber(yOf(a), yOf(b)) || (a < b ? -1 : 1)));
  }
  return swept(columns, linked);
}

function swept(columns: Columns, linked: ReadonlyMap<string, readonly string[]>): string[][] {
  const columnOf = new Map(columns.flatMap((ids, column) => ids.map((id) => [id, column] as const)));
  // From 0 at the top to 1 at the bottom: columns differ in length.
  const shares = new Map<string, number>();
  const settle = (ids: readonly string[]) => ids.forEach((id, row) => shares.set(id, (row + 0.5) / ids.length));
  const result = columns.map((ids) => [...ids]);
  result.forEach(settle);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (let step = 0; step < result.length; step++) {
      const column = forward ? step : result.length - 1 - step;
      const ids = result[column] ?? [];
      const mean = new Map(
        ids.map((id) => {
          const others = (linked.get(id) ?? []).filter((other) =>
            forward ? (columnOf.get(other) ?? 0) < column : (columnOf.get(other) ?? 0) > column,
          );
          const sum = others.reduce((total, other) => total + (shares.get(other) ?? 0), 0);
          return [id, others.length === 0 ? (shares.get(id) ?? 0) : sum / others.length] as const;
        }),
      );
      ids.sort((a, b) => byNumber(mean.get(a) ?? 0, mean.get(b) ?? 0) || (a < b ? -1 : 1));
      settle(ids);
    }
  }
  return result;
}

const byNumber = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
