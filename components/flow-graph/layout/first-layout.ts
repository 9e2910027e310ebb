/** The layout that the server computes for the first rendering, with an engine that the caller passes. */
import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import { fromElk, toElk } from "./elk-graph.ts";
import { NO_LAYOUT, type Layout } from "./layout.ts";
import { toScene } from "../scene.ts";

/** Null when the engine returns none; the browser then computes it. */
export async function firstLayoutOf(
  view: FlowGraphView,
  layOut: (graph: ElkNode) => Promise<ElkNode | null>,
): Promise<Layout | null> {
  const answer = await layOut(toElk(toScene(view), NO_LAYOUT));
  return answer && fromElk(answer);
}
