/** The thread of the bench `flow` that lays a whole graph out in one piece, as thoroughly as a small part. */
import { parentPort, workerData } from "node:worker_threads";
import ELK from "elkjs/lib/elk.bundled.js";
import { draftOf } from "#components/flow-graph/layout/draft.ts";
import { THOROUGH, toElk } from "#components/flow-graph/layout/elk-graph.ts";
import { NO_LAYOUT } from "#components/flow-graph/layout/layout.ts";
import { toScene } from "#components/flow-graph/scene.ts";
import type { FlowGraphView } from "#lib/contracts/flow.ts";

const scene = toScene(workerData as FlowGraphView);
const graph = toElk(scene, draftOf(scene, NO_LAYOUT, { width: Infinity, height: Infinity }), THOROUGH);
const began = performance.now();
await new ELK().layout(graph);
parentPort?.postMessage(performance.now() - began);
