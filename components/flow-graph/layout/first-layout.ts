/** The layout that the server computes for the first rendering, with an engine that the caller passes. */
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import { arrange, type Engine } from "./arrange.ts";
import { NO_LAYOUT, type Frame, type PlacedPart } from "./layout.ts";
import { toScene } from "../scene.ts";

/** The graph's space in a window of the usual size, without what lies over it. */
export const FIRST_FRAME: Frame = { width: 1180, height: 640 };

/**
 * What is there in time: the good layout, else a draft. Null when neither is; the browser then computes both. `inTime`
 * answers null for what takes longer than a page may wait.
 */
export async function firstLayoutOf(
  view: FlowGraphView,
  engine: Engine,
  inTime: <T>(answer: Promise<T>) => Promise<T | null>,
): Promise<readonly PlacedPart[] | null> {
  const { draft, routed } = arrange(toScene(view), NO_LAYOUT, FIRST_FRAME, engine);
  const layout = (await inTime(routed)) ?? (await inTime(draft));
  return layout?.parts ?? null;
}
