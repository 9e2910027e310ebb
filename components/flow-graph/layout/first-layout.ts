/** The layout a page comes with: found on the server, with an engine that the caller brings. */
import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import { fromElk, toElk } from "./elk-graph.ts";
import { NO_LAYOUT, type Layout } from "./layout.ts";
import { toScene } from "../scene.ts";

/** Null when the engine has none; the browser makes its own then. */
export async function firstLayoutOf(
  view: FlowGraphView,
  layOut: (graph: ElkNode) => Promise<ElkNode | null>,
): Promise<Layout | null> {
  const answer = await layOut(toElk(toScene(view), NO_LAYOUT));
  return answer && fromElk(answer);
}
