import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import type { Verdict } from "../health/verdict.ts";
import { build, causeFact, consumeFact, edgesIn, groupFact, idsOf, SAGA } from "./flow-graph.test-data.ts";

describe("buildFlowGraph", () => {
  it("has services, topics and groups with their edges, and no edge for an unknown producer", () => {
    const graph = build(SAGA);
    assert.deepEqual(idsOf(graph), [
      "g:prod/auditor",
      "g:prod/olf",
      "g:prod/payments",
      "g:prod/shipping-g",
      "s:customer",
      "s:olf",
      "s:orders",
      "s:payments",
      "s:shipping",
      "t:prod/customers",
      "t:prod/orders",
      "t:prod/orders.dlt",
      "t:prod/payments",
      "t:prod/quiet",
    ]);
    assert.deepEqual(
      edgesIn(graph).filter((edge) => edge.startsWith("publish")),
      [
        "publish s:customer t:prod/customers",
        "publish s:orders t:prod/orders",
        "publish s:payments t:prod/orders.dlt",
        "publish s:payments t:prod/payments",
      ],
    );
    assert.equal(graph.totalNodes, 14);
    assert.deepEqual(graph.filters.services, ["customer", "olf", "orders", "payments", "shipping"]);
  });

  it("sums rates, types, confidences and latencies", () => {
    const graph = build(SAGA);
    const caused = graph.edges.find((edge) => edge.kind === "cause");
    assert.deepEqual(
      [caused?.events, caused?.knownBy, caused?.sampledShare, caused?.via, caused?.latency?.samples],
      [110, "declared", 0.5, "g:prod/payments", 2],
    );
    assert.ok(Math.abs((caused?.confidence ?? 0) - 105 / 110) < 1e-9);
    const customers = graph.nodes.find((node) => node.id === "t:prod/customers");
    assert.ok(customers?.kind === "topic");
    assert.equal(customers.inRate, 1);
    assert.deepEqual(customers.types, [{ type: "CustomerCreated", schemaVersion: "1", events: 60, ratePerSecond: 1 }]);
  });

  const ways: readonly [name: string, vias: readonly (string | null)[], expected: readonly (string | null)[]][] = [
    ["a cause without a group belongs to the only known group", ["payments", null], ["g:prod/payments"]],
    [
      "a cause without a group stays apart if several groups are known",
      ["payments", "olf", null],
      [null, "g:prod/olf", "g:prod/payments"],
    ],
    ["no group is known", [null], [null]],
  ];
  for (const [name, vias, expected] of ways) {
    it(`between two topics, ${name}`, () => {
      const graph = build({ ...SAGA, causes: vias.map((via) => causeFact("orders", "payments", via, 1)) });
      assert.deepEqual(
        graph.edges.filter((edge) => edge.kind === "cause").map((edge) => edge.via),
        expected,
      );
    });
  }

  it("docks a group on its service, if that is known", () => {
    const docked = Object.fromEntries(
      build(SAGA).nodes.flatMap((node) => (node.kind === "group" ? [[node.group, node.serviceNode]] : [])),
    );
    assert.deepEqual(docked, { auditor: null, olf: "s:olf", payments: "s:payments", "shipping-g": "s:shipping" });
  });

  const states: readonly [verdict: Verdict, errors: number, group: string, service: string][] = [
    ["ok", 0, "normal", "normal"],
    ["unknown", 0, "unknown", "normal"],
    ["warning", 0, "lagging", "lagging"],
    ["ok", 2, "failing", "failing"],
    ["warning", 2, "failing", "failing"],
    ["stopped", 0, "stuck", "stuck"],
    ["stalled", 2, "stuck", "stuck"],
    ["rewound", 0, "stuck", "stuck"],
  ];
  for (const [verdict, errors, ofGroup, ofService] of states) {
    it(`a group that is ${verdict} with ${errors} errors is ${ofGroup}, its service ${ofService}`, () => {
      const graph = build({
        ...SAGA,
        groups: [groupFact("g", "svc", verdict), groupFact("h", "svc")],
        consumes: [consumeFact("orders", "g", 1, errors), consumeFact("orders", "h", 1)],
        publishes: [],
      });
      assert.equal(graph.nodes.find((node) => node.id === "g:prod/g")?.state, ofGroup);
      assert.equal(graph.nodes.find((node) => node.id === "s:svc")?.state, ofService);
      assert.equal(graph.edges.find((edge) => edge.to === "g:prod/g")?.state, ofGroup);
    });
  }

  it("colours only the topic a group is stuck on", () => {
    const graph = build({
      ...SAGA,
      groups: [groupFact("g", "svc", "stalled")],
      consumes: [consumeFact("orders", "g", 0, 0, "stalled"), consumeFact("payments", "g", 9, 0, "ok")],
    });
    assert.deepEqual(
      graph.edges.filter((edge) => edge.kind === "consume").map((edge) => [edge.from, edge.state]),
      [
        ["t:prod/orders", "stuck"],
        ["t:prod/payments", "normal"],
      ],
    );
  });

  it("does not depend on the order of the rows", () => {
    const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    fc.assert(
      fc.property(
        shuffled(SAGA.topics),
        shuffled(SAGA.groups),
        shuffled(SAGA.publishes),
        shuffled(SAGA.consumes),
        shuffled(SAGA.causes),
        (topics, groups, publishes, consumes, causes) => {
          assert.deepEqual(build({ topics, groups, publishes, consumes, causes }), build(SAGA));
        },
      ),
      { numRuns: 30 },
    );
  });
});
