import type { FlowGraphView, FlowNodesQuery, FlowNodesView, FlowQuery } from "#lib/contracts/flow.ts";
import { buildFlowGraph } from "#lib/domain/flow/build-flow-graph.ts";
import { listFlowNodes } from "#lib/domain/flow/list-nodes.ts";
import { ok } from "#lib/domain/result.ts";
import { readFlowRows } from "#lib/store/flow/flow-read.ts";
import type { Sketches } from "#lib/store/flow/sketches.ts";
import { mergeSketches, summariseLatency } from "#lib/store/db/sketch.ts";
import type { FlowWindow } from "#lib/store/flow/flow-window.ts";
import { readClusters } from "#lib/store/status-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { pageFrom, rowOf } from "./page-cursor.ts";
import { BUCKET_MS, floorTo } from "./steps.ts";

/** How long after its end a bucket is complete: the inspector and the correlator have written it. */
const COMPLETE_AFTER_MS = 9000;
/** An edge is shown this long after its last event. */
const KNOWN_MS = 10 * 60_000;

/** The flow graph of the last window, or of the window that ended at `at`. */
export async function getFlowGraph(deps: QueryDeps, query: FlowQuery): Answer<FlowGraphView> {
  const nowMs = deps.now();
  const { window, atMs, publishSeconds, consumeSeconds } = windowOf(query, nowMs);
  const [rows, clusters] = await Promise.all([readFlowRows(deps.prisma, window), readClusters(deps.prisma)]);
  const graph = buildFlowGraph(rows, { ...query, windowSeconds: publishSeconds }, summarise);
  // Publishes are counted up to now, consumption up to the last complete bucket, so each has a window of
  // its own length.
  const scale = publishSeconds / consumeSeconds;
  return ok({
    at: new Date(atMs).toISOString(),
    live: window.live,
    windowSeconds: query.windowSeconds,
    clusters,
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.kind === "service" ? { ...node, consumeRate: node.consumeRate * scale } : node,
    ),
    edges: graph.edges.map((edge) =>
      edge.kind === "publish"
        ? edge
        : {
            ...edge,
            ratePerSecond: edge.ratePerSecond * scale,
            types: edge.types.map((type) => ({ ...type, ratePerSecond: type.ratePerSecond * scale })),
          },
    ),
  });
}

/** The nodes of the same graph as a list, a page at a time. */
export async function getFlowNodes(deps: QueryDeps, query: FlowNodesQuery): Answer<FlowNodesView> {
  const { window, publishSeconds } = windowOf(query, deps.now());
  const rows = await readFlowRows(deps.prisma, window);
  const found = listFlowNodes(rows, { ...query, windowSeconds: publishSeconds, hops: 1 }, summarise);
  const row = rowOf(query.cursor);
  const { rows: items, next } = pageFrom(found.slice(row, row + query.limit + 1), row, query.limit);
  return ok({ items: [...items], next, total: found.length });
}

function windowOf(
  query: Pick<FlowQuery, "at" | "windowSeconds">,
  nowMs: number,
): { window: FlowWindow; atMs: number; publishSeconds: number; consumeSeconds: number } {
  const requestedMs = query.at === undefined ? nowMs : Math.min(Date.parse(query.at), nowMs);
  const live = query.at === undefined;
  const lengthMs = Math.max(BUCKET_MS, floorTo(query.windowSeconds * 1000, BUCKET_MS));
  const toMs = live ? nowMs : Math.min(nowMs, floorTo(requestedMs, BUCKET_MS) + BUCKET_MS);
  const fromMs = floorTo(toMs - lengthMs, BUCKET_MS);
  const completeToMs = Math.min(floorTo(nowMs - COMPLETE_AFTER_MS, BUCKET_MS), floorTo(toMs, BUCKET_MS));
  return {
    window: {
      publishes: { from: new Date(fromMs), to: new Date(toMs) },
      consumes: { from: new Date(completeToMs - lengthMs), to: new Date(completeToMs) },
      knownFrom: new Date(fromMs - KNOWN_MS),
      live,
    },
    atMs: requestedMs,
    publishSeconds: (toMs - fromMs) / 1000,
    consumeSeconds: lengthMs / 1000,
  };
}

function summarise(latencies: readonly Sketches[]) {
  return summariseLatency(mergeSketches(latencies.flat()));
}
