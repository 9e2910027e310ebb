/** The nodes of a window as a list: all of them, where the graph can show only some. */
import { compare } from "../text/compare.ts";
import type { Summarise } from "./edge-sums.ts";
import { edgesOf } from "./edges.ts";
import { stateRank, type FlowNode } from "./graph.ts";
import { narrow } from "./narrow.ts";
import { nodesOf } from "./nodes.ts";
import type { FlowFilter, FlowRows } from "./rows.ts";

interface ListFilter extends FlowFilter {
  /** a part of the name, in whatever case */
  readonly q?: string | undefined;
  readonly kind?: FlowNode["kind"] | undefined;
}

/** Those in trouble first, the worst before the others; then by name. */
export function listFlowNodes<L>(rows: FlowRows<L>, filter: ListFilter, summarise: Summarise<L>): FlowNode[] {
  const whole = {
    nodes: nodesOf(rows, filter.windowSeconds, summarise),
    edges: edgesOf(rows, filter.windowSeconds, summarise),
  };
  const wanted = (filter.q ?? "").trim().toLowerCase();
  // A node that is not evaluated yet is in no trouble that is known.
  const trouble = (node: FlowNode) => (node.state === "unknown" ? 0 : stateRank(node.state));
  return narrow(rows, filter, summarise, whole)
    .nodes.filter((node) => filter.kind === undefined || node.kind === filter.kind)
    .filter((node) => wanted === "" || node.label.toLowerCase().includes(wanted))
    .sort((a, b) => trouble(b) - trouble(a) || compare(a.label, b.label) || compare(a.id, b.id));
}
