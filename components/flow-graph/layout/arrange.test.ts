import assert from "node:assert/strict";
import { describe, it } from "node:test";
import ELK from "elkjs/lib/elk.bundled.js";
import fc from "#e2e/stack/property.ts";
import type { FlowEdge, FlowNode } from "#lib/contracts/flow.ts";
import { edge, group, service, topic, viewOf } from "../flow-views.test-data.ts";
import { toScene, type Scene } from "../scene.ts";
import { arrange, type Engine } from "./arrange.ts";
import { NO_LAYOUT, type Layout } from "./layout.ts";
import { extentOf } from "./pack.ts";
import { partsOf } from "./parts.ts";

const FRAME = { width: 1180, height: 640 };
const elk = new ELK();
const engine: Engine = (graphs) => Promise.all(graphs.map((graph) => elk.layout(graph)));
const isPacking = (graph: { readonly layoutOptions?: Record<string, string> }) =>
  graph.layoutOptions?.["elk.algorithm"] === "rectpacking";
/** Packs, but never has a part ready. */
const slowEngine: Engine = (graphs) => (graphs.every(isPacking) ? engine(graphs) : new Promise(() => undefined));

const sceneOf = (nodes: FlowNode[], edges: FlowEdge[]): Scene => toScene(viewOf(nodes, edges));
/** A service, its topic and who reads it. */
const trio = (name: string): readonly [FlowNode[], FlowEdge[]] => [
  [service(name), topic(name), group(`${name}-reader`, null)],
  [edge("publish", `s:${name}`, `t:c/${name}`), edge("consume", `t:c/${name}`, `g:c/${name}-reader`)],
];
const trios = (names: readonly string[]): Scene =>
  sceneOf(
    names.flatMap((name) => trio(name)[0]),
    names.flatMap((name) => trio(name)[1]),
  );
const names = (count: number) => Array.from({ length: count }, (_, i) => `domain-${i}`);

const routedOf = async (scene: Scene, before: Layout = NO_LAYOUT, frame = FRAME, repack = false): Promise<Layout> => {
  const layout = await arrange(scene, before, frame, engine, repack).routed;
  assert.ok(layout);
  return layout;
};
/** How large the graph is drawn where it is fitted to the frame. */
const zoomOf = ({ parts }: Layout) => {
  const { width, height } = extentOf(parts);
  return Math.min(FRAME.width / width, FRAME.height / height);
};
function overlaps({ boxes }: Layout): string[] {
  const all = [...boxes];
  return all.flatMap(([id, a], i) =>
    all.slice(i + 1).flatMap(([other, b]) => {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      return apart ? [] : [`${id} and ${other}`];
    }),
  );
}

describe("the arrangement of a graph", () => {
  it("has the shape of the window, whichever that is", async () => {
    const scene = trios(names(40));
    for (const frame of [FRAME, { width: 700, height: 900 }]) {
      const { width, height } = extentOf((await routedOf(scene, NO_LAYOUT, frame)).parts);
      const error = width / height / (frame.width / frame.height);
      assert.ok(error > 0.6 && error < 1.7, `${width} × ${height} for ${frame.width} × ${frame.height}`);
    }
  });
  it("is no thin strip: neither a topic with a hundred readers nor a chain of fifty", async () => {
    const readers = names(100);
    const star = sceneOf(
      [service("orders"), topic("orders"), ...readers.map((name) => group(name, null))],
      [
        edge("publish", "s:orders", "t:c/orders"),
        ...readers.map((name) => edge("consume", "t:c/orders", `g:c/${name}`)),
      ],
    );
    const steps = names(25);
    const chain = sceneOf(
      steps.flatMap((name) => [service(name), topic(name), group(name, name)]),
      steps.flatMap((name, i) => [
        edge("publish", `s:${name}`, `t:c/${name}`),
        ...(i === 0 ? [] : [edge("consume", `t:c/${steps[i - 1] ?? ""}`, `g:c/${name}`)]),
      ]),
    );
    for (const scene of [star, chain]) {
      const layout = await routedOf(scene);
      assert.ok(zoomOf(layout) > 0.4, `drawn at ${zoomOf(layout)}`);
      assert.deepEqual(overlaps(layout), []);
    }
  });
  it("shows a draft of everything while the engine still works", async () => {
    const scene = trios(names(12));
    const draft = await arrange(scene, NO_LAYOUT, FRAME, slowEngine).draft;
    assert.ok(draft);
    assert.equal(draft.boxes.size, scene.boxes.length);
    assert.equal(draft.paths.size, scene.links.length);
    assert.ok(draft.parts.every(({ part }) => part.isDraft));
  });
  it("keeps the draft of what the engine cannot lay out, and does not ask again", async () => {
    const scene = trios(names(2));
    const refusing: Engine = async (graphs) => (graphs.every(isPacking) ? engine(graphs) : graphs.map(() => null));
    const layout = await arrange(scene, NO_LAYOUT, FRAME, refusing).routed;
    assert.equal(layout?.boxes.size, scene.boxes.length);
    assert.ok(layout.parts.every(({ part }) => !part.isDraft));
  });
  it("leaves everything in its place when something is added elsewhere, goes, or only the window changes", async () => {
    const before = await routedOf(trios(names(20)));
    const same = (after: Layout, ids: Iterable<string>) => {
      for (const id of ids) assert.deepEqual(after.boxes.get(id), before.boxes.get(id), id);
    };
    same(await routedOf(trios([...names(20), "new"]), before), before.boxes.keys());
    const fewer = trios(names(19));
    same(
      await routedOf(fewer, before),
      fewer.boxes.map((box) => box.id),
    );
    const wide = await routedOf(trios(names(20)), before, { width: 2400, height: 400 }, true);
    assert.ok(extentOf(wide.parts).width > extentOf(before.parts).width);
    for (const { part } of wide.parts) assert.ok(before.parts.some((placed) => placed.part === part));
  });
  it("draws no two boxes over each other and every box once, whatever the graph", async () => {
    const some = fc.integer({ min: 0, max: 7 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("publish" as const, "consume" as const), some, some), { maxLength: 40 }),
        async (links) => {
          const scene = sceneOf(
            names(8).flatMap((name, i) => [service(name), topic(name), group(name, i % 3 === 0 ? null : name)]),
            [
              ...new Map(
                links.map(([kind, a, b]) => {
                  const one =
                    kind === "publish"
                      ? edge(kind, `s:domain-${a}`, `t:c/domain-${b}`)
                      : edge(kind, `t:c/domain-${a}`, `g:c/domain-${b}`);
                  return [one.id, one] as const;
                }),
              ).values(),
            ],
          );
          const { draft, routed } = arrange(scene, NO_LAYOUT, FRAME, engine);
          for (const layout of [await draft, await routed]) {
            assert.ok(layout);
            assert.deepEqual([...layout.boxes.keys()].sort(), scene.boxes.map((box) => box.id).sort());
            assert.deepEqual(overlaps(layout), []);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("partsOf", () => {
  it("finds what hangs together, with its links", () => {
    const parts = partsOf(trios(["a", "b"]));
    assert.deepEqual(
      parts.map((part) => [part.boxes.map((box) => box.id).sort(), part.links.length]),
      [
        [["g:c/a-reader", "s:a", "t:c/a"], 2],
        [["g:c/b-reader", "s:b", "t:c/b"], 2],
      ],
    );
  });
});
