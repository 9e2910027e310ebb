/** The thread of `layouts.ts`: one graph after another. */
import { parentPort } from "node:worker_threads";
import ELK from "elkjs/lib/elk.bundled.js";
import type { ElkNode } from "elkjs/lib/elk-api.js";

export interface LayoutTask {
  readonly id: number;
  readonly graphs: readonly ElkNode[];
}
export interface LayoutAnswer {
  readonly id: number;
  /** null where there is no layout of a graph */
  readonly graphs: readonly (ElkNode | null)[];
  readonly fault: string | null;
}

const elk = new ELK();

async function layOut({ id, graphs }: LayoutTask): Promise<LayoutAnswer> {
  const answers: (ElkNode | null)[] = [];
  let fault: string | null = null;
  for (const graph of graphs)
    answers.push(
      await elk.layout(graph).catch((error: unknown) => {
        fault = error instanceof Error ? error.message : String(error);
        return null;
      }),
    );
  return { id, graphs: answers, fault };
}

let last = Promise.resolve();
parentPort?.on("message", (task: LayoutTask) => {
  last = last.then(async () => parentPort?.postMessage(await layOut(task)));
});
