import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { groupFact, SAGA, summarise, topicFact } from "./flow-graph.test-data.ts";
import { listFlowNodes } from "./list-nodes.ts";

const list = (filter: object = {}, rows = SAGA) =>
  listFlowNodes(rows, { windowSeconds: 60, hops: 1, ...filter }, summarise).map((node) => node.id);

describe("the list of nodes", () => {
  it("has what is in trouble first, then all by name", () => {
    const rows = { ...SAGA, groups: [...SAGA.groups, groupFact("zebra", null, "stalled")] };
    assert.deepEqual(list({ kind: "group" }, rows), [
      "g:prod/zebra",
      "g:prod/payments",
      "g:prod/auditor",
      "g:prod/olf",
      "g:prod/shipping-g",
    ]);
  });
  it("finds a part of a name in any case, and only of the kind that is asked for", () => {
    assert.deepEqual(list({ q: " ORDERS ", kind: "topic" }), ["t:prod/orders.dlt", "t:prod/orders"]);
    assert.deepEqual(list({ q: "no such name" }), []);
  });
  it("keeps to the filters of the graph", () =>
    assert.deepEqual(list({ topic: "customers", kind: "topic" }), ["t:prod/customers"]));
  it("has all of them, however many there are", () => {
    const topics = Array.from({ length: 9000 }, (_, i) => topicFact(`topic-${i}`));
    assert.equal(list({ kind: "topic" }, { ...SAGA, topics }).length, 9000);
  });
});
