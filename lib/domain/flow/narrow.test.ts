import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  build,
  consumeFact,
  edgesIn,
  groupFact,
  idsOf,
  publishFact,
  SAGA,
  topicFact,
  type Rows,
} from "./flow-graph.test-data.ts";
import { MAX_NODES } from "./graph.ts";
import type { FlowFilter } from "./rows.ts";

describe("a filtered, focused or big flow graph", () => {
  const filters: readonly [filter: Partial<FlowFilter>, expected: readonly string[]][] = [
    [
      { service: "payments" },
      [
        "consume t:prod/orders g:prod/payments",
        "publish s:payments t:prod/orders.dlt",
        "publish s:payments t:prod/payments",
      ],
    ],
    [{ topic: "customers" }, ["consume t:prod/customers g:prod/olf", "publish s:customer t:prod/customers"]],
    [{ group: "payments" }, ["consume t:prod/orders g:prod/payments", "publish s:orders t:prod/orders"]],
    [{ type: "CustomerCreated" }, ["consume t:prod/customers g:prod/olf", "publish s:customer t:prod/customers"]],
    [{ errors: "only" }, ["consume t:prod/orders g:prod/payments", "publish s:payments t:prod/orders.dlt"]],
    [{ service: "payments", topic: "payments" }, ["publish s:payments t:prod/payments"]],
    [{ cluster: "elsewhere" }, []],
    [{ service: "missing" }, []],
  ];
  for (const [filter, expected] of filters) {
    it(`keeps what matches ${JSON.stringify(filter)}`, () => {
      const graph = build(SAGA, filter);
      assert.deepEqual(
        edgesIn(graph).filter((edge) => !edge.startsWith("cause")),
        expected,
      );
      for (const edge of graph.edges) assert.ok(idsOf(graph).includes(edge.from) && idsOf(graph).includes(edge.to));
    });
  }

  it("cuts the graph to a node's neighbourhood; a docked group counts as its service", () => {
    assert.deepEqual(idsOf(build(SAGA, { focus: "g:prod/shipping-g", hops: 1 })), [
      "g:prod/shipping-g",
      "s:shipping",
      "t:prod/payments",
    ]);
    assert.deepEqual(idsOf(build(SAGA, { focus: "s:customer", hops: 2 })), [
      "g:prod/olf",
      "s:customer",
      "s:olf",
      "t:prod/customers",
    ]);
    assert.deepEqual(idsOf(build(SAGA, { focus: "s:gone" })), []);
  });

  const many = (stuck: number | null): Rows => ({
    topics: Array.from({ length: 200 }, (_, i) => topicFact(`t${i}`)),
    groups: Array.from({ length: 200 }, (_, i) => groupFact(`g${i}`, `s${i}`, i === stuck ? "stalled" : "ok")),
    publishes: Array.from({ length: 200 }, (_, i) => publishFact(`s${i}`, `t${(i + 1) % 200}`, i)),
    consumes: Array.from({ length: 200 }, (_, i) => consumeFact(`t${i}`, `g${i}`, i)),
    causes: [],
  });
  it("cuts a big graph to the nodes around trouble, else around the most traffic", () => {
    const withTrouble = build(many(77));
    assert.deepEqual(withTrouble.neighbourhoodOf, ["s:s77"]);
    assert.ok(idsOf(withTrouble).includes("g:prod/g77") && withTrouble.nodes.length < 20);
    const busy = build(many(null));
    assert.equal(busy.neighbourhoodOf[0], "s:s199");
    assert.ok(busy.nodes.length > MAX_NODES / 2 && busy.nodes.length <= MAX_NODES);
    assert.equal(busy.totalNodes, 600);
  });
  it("fills up with the busiest where more is asked for, what is in trouble still first", () => {
    const more = build(many(77), { limit: 500 });
    assert.deepEqual(more.neighbourhoodOf.slice(0, 2), ["s:s77", "s:s199"]);
    assert.ok(more.nodes.length > 450 && more.nodes.length <= 500, `${more.nodes.length} nodes`);
    assert.equal(build(many(77), { limit: 600 }).nodes.length, 600);
  });
});
