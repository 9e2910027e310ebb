import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import type { ELK, ElkNode } from "elkjs/lib/elk-api.js";
import { openLayoutWorker } from "./layout-worker.ts";

/** Engines that answer when told: each one's graphs, and whether it was ended. */
function openEngines() {
  const engines: { readonly begun: string[]; ended: boolean; readonly finish: () => void }[] = [];
  const start = (): ELK => {
    const answers: (() => void)[] = [];
    const engine = { begun: [] as string[], ended: false, finish: () => answers.shift()?.() };
    engines.push(engine);
    return {
      layout: (graph: ElkNode) => {
        engine.begun.push(graph.id);
        return new Promise<ElkNode>((resolve) => answers.push(() => resolve({ ...graph, width: 1 })));
      },
      terminateWorker: () => (engine.ended = true),
    } as unknown as ELK;
  };
  return { engines, start };
}
const graph = (id: string): ElkNode => ({ id });
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the layout worker", () => {
  it("interrupts a graph that newer data does not want, and begins with the newer one", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    try {
      const { engines, start } = openEngines();
      const worker = openLayoutWorker(start);
      const old = worker.open()([graph("old"), graph("next")]);
      const newer = worker.open()([graph("newer")]);
      mock.timers.tick(4000);
      assert.deepEqual(await old, [null, null]);
      assert.equal(engines[0]?.ended, true);
      assert.deepEqual(engines[0].begun, ["old"], "what waited never began");
      assert.deepEqual(engines[1]?.begun, ["newer"]);
      engines[1].finish();
      assert.deepEqual(await newer, [{ id: "newer", width: 1 }]);
    } finally {
      mock.timers.reset();
    }
  });
  it("goes on with a graph that newer data wants as well", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    try {
      const { engines, start } = openEngines();
      const worker = openLayoutWorker(start);
      void worker.open()([graph("same")]);
      const newer = worker.open()([graph("same"), graph("more")]);
      mock.timers.tick(4000);
      engines[0]?.finish();
      await settled();
      engines[0]?.finish();
      assert.deepEqual(await newer, [
        { id: "same", width: 1 },
        { id: "more", width: 1 },
      ]);
      assert.deepEqual(engines[0]?.begun, ["same", "more"]);
      assert.equal(engines.length, 1);
    } finally {
      mock.timers.reset();
    }
  });
  it("gives up a graph that takes half a minute", async () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    try {
      const { engines, start } = openEngines();
      const answer = openLayoutWorker(start).open()([graph("endless")]);
      mock.timers.tick(30_000);
      assert.deepEqual(await answer, [null]);
      assert.equal(engines[0]?.ended, true);
    } finally {
      mock.timers.reset();
    }
  });
});
