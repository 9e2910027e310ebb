/**
 * From a scene to its layout: each connected part by itself, then all of them packed to the window. Parts without new
 * boxes or links keep what they have.
 */
import type { ElkNode } from "elkjs/lib/elk-api.js";
import { draftOf, type Draft } from "./draft.ts";
import { fromElk, toElk } from "./elk-graph.ts";
import { aspectOf, type Frame, type LaidOutPart, type Layout, type PlacedPart } from "./layout.ts";
import { compose, extentOf, fromPacking, inPackingOrder, toPacking } from "./pack.ts";
import { partsOf } from "./parts.ts";
import { isPartOf, structureOf, type Scene } from "../scene.ts";

/** Lays one graph after the other out; null: it gave up. */
export type Engine = (graphs: readonly ElkNode[]) => Promise<readonly (ElkNode | null)[] | null>;

export interface Arrangement {
  /** drafts of what is new, soon; null when it is known already that nothing is new */
  readonly draft: Promise<Layout | null>;
  readonly routed: Promise<Layout | null>;
}

interface Wanted {
  readonly scene: Scene;
  readonly kept: PlacedPart | null;
  readonly draft: Draft | null;
}
/** With `repack`, parts keep what they have, but not their places: the window has another shape. */
export function arrange(scene: Scene, before: Layout, frame: Frame, engine: Engine, repack = false): Arrangement {
  const aspect = aspectOf(frame);
  const space = spaceFor(scene, frame);
  const keptOf = new Map(before.parts.flatMap((placed) => [...placed.part.boxes.keys()].map((id) => [id, placed])));
  const wanted = partsOf(scene).map((part): Wanted => {
    const structure = structureOf(part);
    const known = keptOf.get(part.boxes[0]?.id ?? "");
    const kept = known && !known.part.isDraft && isPartOf(structure, known.part.structure) ? known : null;
    return { scene: part, kept, draft: kept ? null : draftOf(part, before, space) };
  });
  const drafts = wanted.map(({ kept, draft }) => kept?.part ?? draft?.part).filter((part) => part !== undefined);
  const fresh = wanted.flatMap(({ scene: part, draft }) => (draft ? [{ scene: part, draft }] : []));
  const shown = repack ? [] : before.parts;
  const position = (parts: readonly LaidOutPart[]) => positionParts([...new Set(parts)], shown, aspect, engine);
  if (fresh.length === 0) return { draft: Promise.resolve(null), routed: position(drafts) };

  const draft = position(drafts);
  const routed = engine(fresh.map((one) => toElk(one.scene, one.draft))).then((answers) => {
    if (answers === null) return null;
    const laidOut = fresh.map(({ scene: part, draft: simple }, index) => {
      const answer = answers[index];
      return better(answer ? fromElk(part, answer) : null, simple.part, space);
    });
    return position([...wanted.flatMap(({ kept }) => kept?.part ?? []), ...laidOut]);
  });
  return { draft, routed };
}

/** what a box takes, with its share of the space around it */
const BOX_AREA = 16_000;
/** A graph that is too large for the window is seen from afar: a part of it may be as much larger as all of it is. */
function spaceFor(scene: Scene, { width, height }: Frame): Frame {
  const scale = Math.max(1, Math.sqrt((scene.boxes.length * BOX_AREA) / (width * height)));
  return { width: width * scale, height: height * scale };
}

/** Of a graph that the engine spreads over several windows, the draft can be read, and stays. */
const READABLE = 0.6;
function better(routed: LaidOutPart | null, draft: LaidOutPart, frame: Frame): LaidOutPart {
  const zoomOf = ({ width, height }: LaidOutPart) => Math.min(1, frame.width / width, frame.height / height);
  return routed !== null && zoomOf(routed) >= READABLE * zoomOf(draft) ? routed : { ...draft, isDraft: false };
}

/** How much larger than a new packing the old one may become before all is packed anew. */
const MOST_WASTE = 1.5;

/** Parts that are shown stay where they are, and new ones go below or beside them, as long as that fills the window. */
async function positionParts(
  parts: readonly LaidOutPart[],
  shown: readonly PlacedPart[],
  aspect: number,
  engine: Engine,
): Promise<Layout | null> {
  const stay = shown.filter((placed) => parts.includes(placed.part));
  const added = parts.filter((part) => !stay.some((placed) => placed.part === part));
  const packed = await pack(added, aspect, engine);
  if (packed === null) return null;
  if (stay.length === 0) return compose(packed);
  if (packed.length === 0) return compose(stay);
  const anew = await pack(parts, aspect, engine);
  if (anew === null) return null;
  const { width, height } = extentOf(stay);
  const below = [...stay, ...packed.map((placed) => ({ ...placed, y: placed.y + height + BLOCK_GAP }))];
  const beside = [...stay, ...packed.map((placed) => ({ ...placed, x: placed.x + width + BLOCK_GAP }))];
  const need = (placed: readonly PlacedPart[]) => {
    const extent = extentOf(placed);
    return Math.max(extent.width / aspect, extent.height);
  };
  const best = need(below) <= need(beside) ? below : beside;
  if (need(best) <= MOST_WASTE * need(anew)) return compose(best);
  // A part that has lost boxes to a new one still knows their old places: the new one has the last word.
  return compose(anew.toSorted((a, b) => Number(added.includes(a.part)) - Number(added.includes(b.part))));
}
const BLOCK_GAP = 40;

async function pack(parts: readonly LaidOutPart[], aspect: number, engine: Engine): Promise<PlacedPart[] | null> {
  if (parts.length === 0) return [];
  const inOrder = inPackingOrder(parts);
  const attempt = async (shape: number) => {
    const [answer] = (await engine([toPacking(inOrder, shape)])) ?? [];
    return answer ? fromPacking(inOrder, answer) : null;
  };
  const first = await attempt(aspect);
  if (first === null) return null;
  // The packing only comes near the shape that is asked for: asking for the opposite error mends most of it.
  const { width, height } = extentOf(first);
  const error = width / height / aspect;
  if (error > 0.85 && error < 1.2) return first;
  const second = await attempt(aspect / error);
  const need = (placed: readonly PlacedPart[]) => Math.max(extentOf(placed).width / aspect, extentOf(placed).height);
  return second !== null && need(second) < need(first) ? second : first;
}
