/** The thread of `layouts.ts`: one graph after another. */
import { parentPort } from "node:worker_threads";
import ELK from "elkjs/lib/elk.bundled.js";
import type { ElkNode } from "elkjs/lib/elk-api.js";

export interface LayoutTask {
  readonly id: number;
  readonly graph: ElkNode;
}
export interface LayoutAnswer {
  readonly id: number;
  readonly graph: ElkNode | null;
  readonly fault: string | null;
}

const elk = new ELK();
parentPort?.on("message", ({ id, graph }: LayoutTask) => {
  const answer = (rest: Omit<LayoutAnswer, "id">) => parentPort?.postMessage({ id, ...rest } satisfies LayoutAnswer);
  elk.layout(graph).then(
    (laidOut) => answer({ graph: laidOut, fault: null }),
    (error: unknown) => answer({ graph: null, fault: error instanceof Error ? error.message : String(error) }),
  );
});
