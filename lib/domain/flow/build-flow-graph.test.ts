import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Verdict } from "../health/verdict.ts";
import { buildFlowGraph, MAX_NODES, type FlowGraph } from "./build-flow-graph.ts";
import type {
  CauseFact,
  ConsumeFact,
  FlowFilter,
  FlowRows,
  GroupFact,
  PublishFact,
  TopicFact,
  TopicRole,
} from "./rows.ts";

type Rows = FlowRows<number>;
const cluster = "prod";
const topic = (name: string, role: TopicRole = "event"): TopicFact => ({ cluster, topic: name, role, partitions: 3 });
const group = (name: string, service: string | null, verdict: Verdict = "ok"): GroupFact => ({
  cluster,
  group: name,
  service,
  serviceKnownBy: service === null ? null : "inferred",
  verdict,
  reason: verdict === "ok" ? null : `${name} is ${verdict}`,
  members: 1,
  lagMessages: 0n,
  timeLagMs: 0,
});
const publish = (
  service: string | null,
  name: string,
  events: number,
  type = "T",
  errors = 0,
): PublishFact<number> => ({ cluster, topic: name, service, type, schemaVersion: "1", events, errors, latency: null });
const consume = (
  name: string,
  by: string,
  events: number,
  errors = 0,
  verdict: Verdict | null = null,
): ConsumeFact<number> => ({ cluster, topic: name, group: by, events, errors, verdict, latency: 5 });
const cause = (
  from: string,
  to: string,
  via: string | null,
  events: number,
  over: Partial<CauseFact<number>> = {},
): CauseFact<number> => ({
  from: { cluster, topic: from },
  to: { cluster, topic: to },
  group: via,
  fromType: "T",
  toType: "U",
  toSchemaVersion: "1",
  knownBy: "declared",
  events,
  errors: 0,
  confidenceSum: events,
  sampledShare: 1,
  latency: 7,
  ...over,
});
const summarise = (latencies: readonly number[]) => ({
  p50Ms: Math.max(...latencies),
  p95Ms: 0,
  p99Ms: 0,
  samples: latencies.length,
});
const build = (rows: Rows, filter: Partial<FlowFilter> = {}): FlowGraph =>
  buildFlowGraph(rows, { windowSeconds: 60, hops: 2, ...filter }, summarise);
const ids = (graph: FlowGraph) => graph.nodes.map((node) => node.id);
const edges = (graph: FlowGraph) => graph.edges.map((edge) => `${edge.kind} ${edge.from} ${edge.to}`);

/** customer → customers → olf; orders → orders → payments → payments → shipping; payments fails into orders.dlt */
const saga: Rows = {
  topics: [topic("customers"), topic("orders"), topic("payments"), topic("orders.dlt", "dead_letter"), topic("quiet")],
  groups: [group("olf", "olf"), group("payments", "payments"), group("shipping-g", "shipping"), group("auditor", null)],
  publishes: [
    publish("customer", "customers", 60, "CustomerCreated"),
    publish("orders", "orders", 120, "OrderPlaced"),
    publish("payments", "payments", 110, "PaymentTaken"),
    publish("payments", "orders.dlt", 3, "OrderPlaced"),
    publish(null, "quiet", 6, "Ping"),
  ],
  consumes: [
    consume("customers", "olf", 60),
    consume("orders", "payments", 118, 3),
    consume("payments", "shipping-g", 110),
    consume("orders", "auditor", 0),
  ],
  causes: [
    cause("orders", "payments", "payments", 100),
    cause("orders", "payments", "payments", 10, { knownBy: "inferred", confidenceSum: 5, sampledShare: 0.5 }),
  ],
};

describe("buildFlowGraph", () => {
  it("draws services, topics and groups with their edges, and none for an unknown producer", () => {
    const graph = build(saga);
    assert.deepEqual(ids(graph), [
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
      edges(graph).filter((edge) => edge.startsWith("publish")),
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
    const graph = build(saga);
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
    ["a group not seen yet is the only one known", ["payments", null], ["g:prod/payments"]],
    ["of several groups it may be any", ["payments", "olf", null], [null, "g:prod/olf", "g:prod/payments"]],
    ["no group is known", [null], [null]],
  ];
  for (const [name, vias, expected] of ways) {
    it(`between two topics, ${name}`, () => {
      const graph = build({ ...saga, causes: vias.map((via) => cause("orders", "payments", via, 1)) });
      assert.deepEqual(
        graph.edges.filter((edge) => edge.kind === "cause").map((edge) => edge.via),
        expected,
      );
    });
  }

  it("docks a group on its service and leaves the others alone", () => {
    const docked = Object.fromEntries(
      build(saga).nodes.flatMap((node) => (node.kind === "group" ? [[node.group, node.serviceNode]] : [])),
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
        ...saga,
        groups: [group("g", "svc", verdict), group("h", "svc")],
        consumes: [consume("orders", "g", 1, errors), consume("orders", "h", 1)],
        publishes: [],
      });
      assert.equal(graph.nodes.find((node) => node.id === "g:prod/g")?.state, ofGroup);
      assert.equal(graph.nodes.find((node) => node.id === "s:svc")?.state, ofService);
      assert.equal(graph.edges.find((edge) => edge.to === "g:prod/g")?.state, ofGroup);
    });
  }

  it("colours only the topic a group is stuck on", () => {
    const graph = build({
      ...saga,
      groups: [group("g", "svc", "stalled")],
      consumes: [consume("orders", "g", 0, 0, "stalled"), consume("payments", "g", 9, 0, "ok")],
    });
    assert.deepEqual(
      graph.edges.filter((edge) => edge.kind === "consume").map((edge) => [edge.from, edge.state]),
      [
        ["t:prod/orders", "stuck"],
        ["t:prod/payments", "normal"],
      ],
    );
  });

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
    [{ service: "nobody" }, []],
  ];
  for (const [filter, expected] of filters) {
    it(`keeps what matches ${JSON.stringify(filter)}`, () => {
      const graph = build(saga, filter);
      assert.deepEqual(
        edges(graph).filter((edge) => !edge.startsWith("cause")),
        expected,
      );
      for (const edge of graph.edges) assert.ok(ids(graph).includes(edge.from) && ids(graph).includes(edge.to));
    });
  }

  it("focuses on a node's neighbourhood, a docked group being its service", () => {
    assert.deepEqual(ids(build(saga, { focus: "g:prod/shipping-g", hops: 1 })), [
      "g:prod/shipping-g",
      "s:shipping",
      "t:prod/payments",
    ]);
    assert.deepEqual(ids(build(saga, { focus: "s:customer", hops: 2 })), [
      "g:prod/olf",
      "s:customer",
      "s:olf",
      "t:prod/customers",
    ]);
    assert.deepEqual(ids(build(saga, { focus: "s:gone" })), []);
  });

  const many = (stuck: number | null): Rows => ({
    topics: Array.from({ length: 200 }, (_, i) => topic(`t${i}`)),
    groups: Array.from({ length: 200 }, (_, i) => group(`g${i}`, `s${i}`, i === stuck ? "stalled" : "ok")),
    publishes: Array.from({ length: 200 }, (_, i) => publish(`s${i}`, `t${(i + 1) % 200}`, i)),
    consumes: Array.from({ length: 200 }, (_, i) => consume(`t${i}`, `g${i}`, i)),
    causes: [],
  });
  it("opens a big graph around the trouble, else around the busiest", () => {
    const troubled = build(many(77));
    assert.deepEqual(troubled.neighbourhoodOf, ["s:s77"]);
    assert.ok(ids(troubled).includes("g:prod/g77") && troubled.nodes.length < 20);
    const busy = build(many(null));
    assert.equal(busy.neighbourhoodOf[0], "s:s199");
    assert.ok(busy.nodes.length > MAX_NODES / 2 && busy.nodes.length <= MAX_NODES);
    assert.equal(busy.totalNodes, 600);
  });

  it("does not depend on the order of the rows", () => {
    const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    fc.assert(
      fc.property(
        shuffled(saga.topics),
        shuffled(saga.groups),
        shuffled(saga.publishes),
        shuffled(saga.consumes),
        shuffled(saga.causes),
        (topics, groups, publishes, consumes, causes) => {
          assert.deepEqual(build({ topics, groups, publishes, consumes, causes }), build(saga));
        },
      ),
      { numRuns: 30 },
    );
  });
});
