import assert from "node:assert/strict";
import { describe, it } from "node:test";
import ELK from "elkjs/lib/elk.bundled.js";
import fc from "#e2e/stack/property.ts";
import { edge, group, service, topic, viewOf } from "../flow-views.test-data.ts";
import { arrange } from "./arrange.ts";
import { NO_LAYOUT } from "./layout.ts";
import { layersOf } from "./layers.ts";
import { splinePath } from "./paths.ts";
import { causesOf, neighboursOf, structureOf, toScene } from "../scene.ts";
import { neighbourInDirection } from "./spatial.ts";

/** orders → payments → shipping → orders: a saga that ends where it started. */
const SAGA = viewOf(
  [
    ...["orders", "payments", "shipping"].flatMap((name) => [service(name), topic(name), group(name, name)]),
    group("audit", null),
  ],
  [
    ...["orders", "payments", "shipping"].map((name) => edge("publish", `s:${name}`, `t:c/${name}`)),
    edge("consume", "t:c/orders", "g:c/payments"),
    edge("consume", "t:c/payments", "g:c/shipping"),
    edge("consume", "t:c/shipping", "g:c/orders"),
    edge("consume", "t:c/payments", "g:c/audit"),
    edge("cause", "t:c/orders", "t:c/payments", 10, "g:c/payments"),
    edge("cause", "t:c/payments", "t:c/shipping", 10, "g:c/shipping"),
    edge("cause", "t:c/shipping", "t:c/orders", 4, "g:c/orders"),
  ],
);

describe("toScene", () => {
  const scene = toScene(SAGA);
  it("docks a group on its service and lets one of an unknown service stand alone", () => {
    assert.deepEqual(
      scene.boxes.filter((box) => box.kind === "group").map((box) => box.id),
      ["g:c/audit"],
    );
    assert.deepEqual(
      scene.links.find((link) => link.edge.to === "g:c/payments"),
      {
        id: "consume:t:c/orders>g:c/payments",
        edge: SAGA.edges[3],
        source: "t:c/orders",
        target: "s:payments",
        dock: "g:c/payments",
      },
    );
  });
  it("a group whose service is filtered away stands alone", () => {
    const without = toScene(
      viewOf(
        SAGA.nodes.filter((node) => node.id !== "s:payments"),
        SAGA.edges,
      ),
    );
    assert.ok(without.boxes.some((box) => box.id === "g:c/payments" && box.kind === "group"));
  });
  it("numbers do not change the structure, a new edge does", () => {
    const busier = toScene(
      viewOf(
        SAGA.nodes,
        SAGA.edges.map((one) => ({ ...one, ratePerSecond: 999 })),
      ),
    );
    assert.deepEqual(structureOf(busier), structureOf(scene));
    const more = toScene(viewOf(SAGA.nodes, [...SAGA.edges, edge("consume", "t:c/shipping", "g:c/audit")]));
    assert.notDeepEqual(structureOf(more), structureOf(scene));
  });
  it("the causes of a service are those that run through its groups", () =>
    assert.deepEqual(
      causesOf(scene, "s:payments", false).map((link) => link.id),
      ["cause:t:c/orders>t:c/payments"],
    ));
  it("nothing selected fades nothing; an unknown selection fades nothing", () => {
    assert.equal(neighboursOf(scene, null), null);
    assert.equal(neighboursOf(scene, "s:nobody"), null);
  });
});

describe("layersOf", () => {
  it("a cycle is cut before the service where its events start", () => {
    const layers = layersOf(toScene(SAGA), NO_LAYOUT);
    assert.deepEqual(
      ["s:orders", "t:c/orders", "s:payments", "t:c/payments", "s:shipping", "t:c/shipping", "g:c/audit"].map((id) =>
        layers.get(id),
      ),
      [0, 1, 2, 3, 4, 5, 4],
    );
  });
  it("every publish goes to the right, whatever the graph", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.constantFrom("a", "b", "c", "d", "e")), {
          maxLength: 20,
        }),
        (pairs) => {
          const names = ["a", "b", "c", "d", "e"];
          const edges = new Map(
            pairs.map(([from, to]) => edge("consume", `t:c/${from}`, `g:c/${to}`)).map((one) => [one.id, one]),
          );
          const scene = toScene(
            viewOf(
              names.flatMap((name) => [service(name), topic(name), group(name, name)]),
              [...names.map((name) => edge("publish", `s:${name}`, `t:c/${name}`)), ...edges.values()],
            ),
          );
          const layers = layersOf(scene, NO_LAYOUT);
          for (const name of names) assert.ok((layers.get(`t:c/${name}`) ?? 0) > (layers.get(`s:${name}`) ?? 0));
        },
      ),
    );
  });
});

const FRAME = { width: 1180, height: 640 };
describe("layout by ELK", () => {
  it("places every box, draws every link, and keeps publish edges going right", async () => {
    const scene = toScene(SAGA);
    const elk = new ELK();
    const { routed } = arrange(scene, NO_LAYOUT, FRAME, (graphs) =>
      Promise.all(graphs.map((graph) => elk.layout(graph))),
    );
    const layout = await routed;
    assert.ok(layout);
    assert.deepEqual([...layout.boxes.keys()].sort(), scene.boxes.map((box) => box.id).sort());
    assert.deepEqual([...layout.paths.keys()].sort(), scene.links.map((link) => link.id).sort());
    for (const link of scene.links.filter((one) => one.edge.kind === "publish"))
      assert.ok((layout.boxes.get(link.source)?.x ?? 0) < (layout.boxes.get(link.target)?.x ?? 0));
    assert.equal(neighbourInDirection(layout, "s:orders", "right"), "t:c/orders");
    assert.equal(neighbourInDirection(layout, "s:orders", "left"), null);
  });
});

describe("splinePath", () => {
  const p = (x: number, y: number) => ({ x, y });
  const CASES: readonly [string, string, string][] = [
    [
      "three control points make one piece",
      splinePath(p(0, 0), [p(1, 0), p(2, 5)], p(3, 5)),
      "M0.0 0.0C1.0 0.0 2.0 5.0 3.0 5.0",
    ],
    ["one bend makes a quadratic", splinePath(p(0, 0), [p(1, 0)], p(3, 5)), "M0.0 0.0Q1.0 0.0 3.0 5.0"],
    ["no bend makes an S", splinePath(p(0, 0), [], p(100, 5)), "M0.0 0.0C50.0 0.0 50.0 5.0 100.0 5.0"],
  ];
  for (const [name, actual, expected] of CASES) it(name, () => assert.equal(actual, expected));
});
