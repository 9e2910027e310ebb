/**
 * The API through the real server on a real Postgres: every answer is what its contract says, every refusal
 * is the right one.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { z } from "zod";
import { ErrorBody } from "#lib/contracts/errors.ts";
import { EventsView } from "#lib/contracts/events.ts";
import { AlertsView, DeliveriesView } from "#lib/contracts/alerts.ts";
import { FailureGroupView } from "#lib/contracts/failures.ts";
import { FlowGraphView } from "#lib/contracts/flow.ts";
import { GroupsView, GroupView } from "#lib/contracts/groups.ts";
import { SearchView } from "#lib/contracts/search.ts";
import { TraceView } from "#lib/contracts/traces.ts";
import { SavedViewsView } from "#lib/contracts/views.ts";
import { ROUTE_KEYS, routeOf, type RouteKey } from "#lib/web/route-table.ts";
import { prepareFlowtap, type Flowtap } from "../stack/flowtap.ts";
import { startPostgres } from "../stack/stack.ts";
import { CONVERSATION, FINGERPRINT, fillWorld, ORDERS_EVENTS, TRACE } from "./api-world.ts";

const OPERATOR = "operator-token-0123456789";
const VIEWER = "viewer-token-0123456789";
const NO_BROKER = "127.0.0.1:9";
const ALERTS = {
  channels: [
    { name: "hook", kind: "webhook", url: "https://hooks.example/T0/secret-path", secret: "s3cret" },
    { name: "pager", kind: "pagerduty", routingKey: "s3cret" },
  ],
  rules: [{ name: "stuck", severity: "critical", when: { verdict: ["stalled"] }, channels: ["hook", "pager"] }],
};

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let flowtap: Flowtap;
let url = "";
let filledAtMs = 0;

before(async () => {
  postgres = await startPostgres();
  const tokens = [
    { name: "ops", role: "operator", token: OPERATOR },
    { name: "team", role: "viewer", token: VIEWER },
  ];
  flowtap = await prepareFlowtap({
    databaseUrl: postgres.url,
    brokers: [NO_BROKER],
    open: false,
    config: { access: { tokens }, alerts: ALERTS },
  });
  filledAtMs = Date.now();
  await fillWorld(postgres.url, filledAtMs);
  ({ url } = await flowtap.startWeb());
});
after(async () => {
  await flowtap?.stop();
  await postgres?.stop();
});

const ask = (path: string, init: RequestInit & { token?: string | null } = {}) => {
  const { token = VIEWER, ...rest } = init;
  return fetch(`${url}${path}`, {
    redirect: "manual",
    ...rest,
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...rest.headers },
  });
};
const write = (path: string, body: unknown, init: Parameters<typeof ask>[1] = {}) =>
  ask(path, {
    method: "POST",
    token: OPERATOR,
    ...init,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...init.headers },
  });
async function get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const response = await ask(path);
  assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
  return schema.parse(await response.json());
}

describe("every reading entry of the table answers its own contract", () => {
  const ADDRESSES: Partial<Record<RouteKey, string[]>> = {
    "GET /api/flow": [
      "/api/flow",
      `/api/flow?at=${encodeURIComponent(new Date(Date.now() - 60_000).toISOString())}`,
      "/api/flow?errors=only&focus=t:test/orders&hops=1",
    ],
    "GET /api/flow/rail": ["/api/flow/rail?minutes=10&points=30"],
    "GET /api/flow/detail": [
      "s:orders",
      "t:test/orders",
      "g:test/payments",
      "publish|s:orders|t:test/orders",
      "consume|t:test/orders|g:test/payments",
      "cause|t:test/orders|t:test/payments|g:test/payments",
      "cause|t:test/orders|t:test/payments|",
    ].map((id) => `/api/flow/detail?id=${encodeURIComponent(id)}`),
    "GET /api/groups": [
      "/api/groups",
      "/api/groups?q=PAY&verdict=stalled&topic=orders&sort=timeLag&limit=1",
      "/api/groups?cause=poison_event&service=payments&state=stable&cluster=test&sort=name",
    ],
    "GET /api/groups/{cluster}/{group}": [
      "/api/groups/test/payments",
      "/api/groups/test/odd%2Fname%20%3F%23",
      ...[45_000, 600_000, 864_000_000].map(
        (msAgo) => `/api/groups/test/payments?at=${encodeURIComponent(new Date(Date.now() - msAgo).toISOString())}`,
      ),
    ],
    "GET /api/incidents": [
      "/api/incidents",
      "/api/incidents?cluster=test&group=payments&cause=poison_event&open=yes&limit=1",
    ],
    "GET /api/incidents/{id}": ["/api/incidents/1", "/api/incidents/2"],
    "GET /api/views": ["/api/views?page=groups"],
    "GET /api/topics": ["/api/topics", "/api/topics?role=internal", "/api/topics?sort=size&q=ord"],
    "GET /api/topics/{cluster}/{topic}": ["/api/topics/test/orders?minutes=10"],
    "GET /api/events": ["/api/events?topic=orders&partition=0&from=10&to=20"],
    "GET /api/traces": [
      "/api/traces",
      "/api/traces?service=payments&topic=orders&errors=only&minDurationMs=1000&type=order.placed",
    ],
    "GET /api/traces/{traceId}": [`/api/traces/${TRACE}`, `/api/traces/${CONVERSATION.toUpperCase()}`],
    "GET /api/failures": [
      "/api/failures",
      "/api/failures?group=payments&topic=orders&status=open&q=CARD&service=orders&cluster=test",
      "/api/failures?state=open&newSinceDeploy=1",
    ],
    "GET /api/failures/{fingerprint}": [`/api/failures/${FINGERPRINT}?limit=2`],
    "GET /api/failures/{fingerprint}/spread": [`/api/failures/${FINGERPRINT}/spread`],
    "GET /api/failures/{fingerprint}/events/{id}/fates": [`/api/failures/${FINGERPRINT}/events/1/fates`],
    "GET /api/entities": ["/api/entities?key=cust-saga", "/api/entities?key=nobody"],
    "GET /api/entities/{key}": [
      "/api/entities/cust-saga",
      "/api/entities/cust-saga?cluster=test&topics=orders,orders-dlt&merge=snapshot&limit=1&event=test%2Forders%2F1%2F50",
    ],
    "GET /api/search": ["/api/search?q=orders"],
    "GET /api/replays": ["/api/replays"],
    "GET /api/status": ["/api/status"],
    "GET /api/alerts": ["/api/alerts", "/api/alerts?cluster=test&group=payments"],
    "GET /api/alerts/deliveries": ["/api/alerts/deliveries", "/api/alerts/deliveries?channel=hook&status=sent&limit=1"],
    "GET /api/session": ["/api/session"],
    "GET /api/health/live": ["/api/health/live"],
    "GET /api/health/ready": ["/api/health/ready"],
    "GET /api/openapi.json": ["/api/openapi.json"],
  };
  for (const [key, addresses] of Object.entries(ADDRESSES) as [RouteKey, string[]][]) {
    for (const address of addresses) {
      it(address, async () => {
        const { answer } = routeOf(key);
        assert.ok(answer instanceof z.ZodType);
        await get(address, answer);
      });
    }
  }
});

describe("what the answers say", () => {
  it("draws the whole saga, with who is stuck", async () => {
    // At the moment it was filled: the window slides on while slow machines test.
    const graph = await get(`/api/flow?at=${encodeURIComponent(new Date(filledAtMs).toISOString())}`, FlowGraphView);
    assert.deepEqual(
      graph.nodes.map((node) => node.id),
      [
        "g:test/analytics",
        "g:test/payments",
        "s:analytics",
        "s:orders",
        "s:payments",
        "t:test/orders",
        "t:test/orders-dlt",
        "t:test/payments",
      ],
    );
    assert.deepEqual(
      graph.edges.map((edge) => edge.id),
      [
        "cause|t:test/orders|t:test/payments|g:test/payments",
        "consume|t:test/orders|g:test/analytics",
        "consume|t:test/orders|g:test/payments",
        "consume|t:test/payments|g:test/analytics",
        "publish|s:orders|t:test/orders",
        "publish|s:payments|t:test/orders-dlt",
        "publish|s:payments|t:test/payments",
      ],
    );
    const consume = graph.edges.find((edge) => edge.id === "consume|t:test/orders|g:test/payments");
    assert.equal(consume?.state, "stuck");
    assert.ok(Math.abs(consume.ratePerSecond - 8) < 1e-9, "a quotient of floats");
    assert.ok(Math.abs((consume.latency?.p50Ms ?? 0) - 50) < 3);
  });

  it("finds the event at the head of a stuck partition through the index", async () => {
    const group = await get("/api/groups/test/payments", GroupView);
    assert.equal(group.head[0]?.partition, 1);
    assert.equal(group.partitions.length, 2);
    assert.equal(group.row.dataLossSeconds, 86_280);
    assert.deepEqual(group.failures, { open: 5, lastHour: 5 });
  });

  it("names the cause of a group, what happened to it, and its incidents", async () => {
    const { row, events: marks, incidents, generation } = await get("/api/groups/test/payments", GroupView);
    assert.equal(row.cause?.title, "Poison event");
    assert.deepEqual(row.cause.at, { topic: "orders", partition: 1, offset: "60" });
    assert.deepEqual(
      marks.map(({ text }) => text),
      [
        "payments-0 left",
        "payments-1 joined",
        "rebalance to generation 7, 1 member",
        "rewound orders[0] from 90 to 40",
      ],
    );
    assert.deepEqual(
      incidents.map(({ id, closedAt, changes }) => [id, closedAt !== null, changes.map((change) => change.cause)]),
      [
        [2, false, [null, "poison_event"]],
        [1, true, ["no_members", null]],
      ],
    );
    assert.equal(generation, 7);
  });

  it("shows a group as it was", async () => {
    const then = async (msAgo: number) =>
      get(`/api/groups/test/payments?at=${encodeURIComponent(new Date(filledAtMs - msAgo).toISOString())}`, GroupView);
    const [before, began, named] = [await then(300_000), await then(90_000), await then(45_000)];
    assert.deepEqual(
      [before.row.verdict, before.row.cause, before.members.map(({ clientId }) => clientId)],
      ["stalled", null, ["payments-0"]],
    );
    assert.deepEqual(
      [began.row.verdict, began.row.cause, began.generation, began.members.map(({ clientId }) => clientId)],
      ["warning", null, 7, ["payments-1"]],
    );
    assert.deepEqual([named.row.verdict, named.row.cause?.cause], ["stalled", "poison_event"]);
    // Stored until then: six of eleven flushes; committed: 300.
    const [moving, stuck] = named.partitions;
    assert.deepEqual(
      [moving?.committedOffset, moving?.endOffset, moving?.lagMessages, moving?.clientId],
      ["300", "600", "300", "payments-1"],
    );
    assert.deepEqual([stuck?.committedOffset, stuck?.lagMessages, stuck?.verdict], ["60", "40", "stalled"]);
    assert.equal(Date.parse(named.series.at(-1)?.at ?? "") < filledAtMs - 44_000, true);
    assert.match((await then(86_400_000)).missing ?? "", /No verdict of then is kept/);
  });

  it("pages through groups without losing one, in every order", async () => {
    for (const sort of ["severity", "lag", "timeLag", "name"]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: GroupsView = await get(
          `/api/groups?sort=${sort}&limit=1${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
          GroupsView,
        );
        assert.equal(page.total, 3);
        seen.push(...page.items.map(({ group }) => group));
        cursor = page.next;
      } while (cursor !== null);
      assert.deepEqual(
        seen,
        sort === "name" ? ["analytics", "odd/name ?#", "payments"] : ["payments", "analytics", "odd/name ?#"],
        sort,
      );
    }
    const found = await get("/api/groups?cause=poison_event&service=payments", GroupsView);
    assert.deepEqual([found.items.length, found.total, found.counts.stuck], [1, 1, 1]);
    assert.equal((await get("/api/groups?cause=too_slow", GroupsView)).total, 0);
  });

  it("reports an incident in Markdown, with links to where people open Flowtap", async () => {
    const response = await ask("/api/incidents/2/report");
    assert.equal(response.headers.get("content-type"), "text/markdown; charset=utf-8");
    const report = await response.text();
    assert.match(report, /^# payments: poison event$/m);
    assert.ok(report.includes(`${url}/groups/test/payments?at=`));
    assert.equal((await ask("/api/incidents/99")).status, 404);
  });

  it("keeps filters under a name: an operator writes, a viewer reads", async () => {
    const view = { page: "groups", name: "stuck on orders", query: "verdict=stalled&topic=orders" };
    assert.equal((await write("/api/views", view, { token: VIEWER })).status, 403);
    assert.equal((await write("/api/views", { ...view, query: "" })).status, 201);
    assert.equal((await write("/api/views", view)).status, 201);
    const { items } = await get("/api/views?page=groups", SavedViewsView);
    assert.deepEqual(
      items.map(({ name, query, createdBy }) => [name, query, createdBy]),
      [["stuck on orders", "verdict=stalled&topic=orders", "ops"]],
    );
    const address = `/api/views/${items[0]?.id}`;
    assert.equal((await ask(address, { method: "DELETE" })).status, 403);
    assert.equal((await ask(address, { method: "DELETE", token: OPERATOR })).status, 204);
    assert.equal((await ask(address, { method: "DELETE", token: OPERATOR })).status, 404);
  });

  it("shows rules and channels without what opens them; operators silence, test and try again", async () => {
    const text = await (await ask("/api/alerts")).text();
    assert.ok(!text.includes("s3cret") && !text.includes("secret-path"));
    const before = await get("/api/alerts", AlertsView);
    assert.deepEqual(
      [before.channels.map(({ target }) => target), before.rules[0]?.when],
      [["hooks.example", "events.pagerduty.com"], "verdict stuck"],
    );

    const silence = { group: "pay*", until: new Date(Date.now() + 3_600_000).toISOString(), reason: "a deploy" };
    assert.equal((await write("/api/alerts/silences", silence, { token: VIEWER })).status, 403);
    assert.equal((await write("/api/alerts/silences", { ...silence, until: new Date(0).toISOString() })).status, 422);
    assert.equal((await write("/api/alerts/silences", { ...silence, reason: "" })).status, 422);
    assert.equal((await write("/api/alerts/silences", silence)).status, 201);
    const [made] = (await get("/api/alerts", AlertsView)).silences;
    assert.deepEqual([made?.group, made?.createdBy, made?.active], ["pay*", "ops", true]);
    assert.equal((await ask(`/api/alerts/silences/${made?.id}`, { method: "DELETE", token: OPERATOR })).status, 204);
    assert.equal((await ask(`/api/alerts/silences/${made?.id}`, { method: "DELETE", token: OPERATOR })).status, 404);

    assert.equal((await write("/api/alerts/channels/nobody/test", {})).status, 404);
    const { deliveryId } = (await (await write("/api/alerts/channels/hook/test", {})).json()) as { deliveryId: string };
    const [test] = (await get("/api/alerts/deliveries", DeliveriesView)).items;
    assert.deepEqual([test?.id, test?.kind, test?.status, test?.channel], [deliveryId, "test", "pending", "hook"]);
    assert.equal((await write(`/api/alerts/deliveries/${deliveryId}/retry`, {})).status, 409);
  });

  it("lets operators decide about a failure, and says who did", async () => {
    const [address, why] = [`/api/failures/${FINGERPRINT}`, { reason: "card limits raised" }];
    for (const [path, body, status] of [
      [`${address}/resolve`, { reason: " x " }, 422],
      ["/api/failures/nobody/resolve", why, 404],
      [`${address}/split`, why, 409],
      [`${address}/snooze`, { ...why, until: new Date(0).toISOString() }, 422],
      [`${address}/merge`, { ...why, into: "nobody" }, 422],
      [`${address}/notes`, { text: "<b>on it</b>" }, 201],
      [`${address}/snooze`, { ...why, until: new Date(Date.now() + 3_600_000).toISOString() }, 200],
    ] as const)
      assert.equal((await write(path, body)).status, status, path);
    const { row, notes } = await get(address, FailureGroupView);
    assert.deepEqual(
      [row.state, row.triage?.changedBy, notes.map(({ by, text }) => [by, text])],
      ["snoozed", "ops", [["ops", "<b>on it</b>"]]],
    );
  });

  it("tells Prometheus of the groups under the names it may know", async () => {
    const text = await (await ask("/metrics")).text();
    for (const line of [
      'flowtap_group_cause{cluster="test",group="payments",cause="poison_event"} 1',
      'kminion_kafka_consumer_group_topic_lag{cluster="test",group_id="payments",topic_name="orders"} 40',
      'kafka_consumergroup_lag{cluster="test",consumergroup="payments",topic="orders",partition="1"} 40',
      'flowtap_group_series_dropped{kind="groups"} 0',
    ]) {
      assert.ok(text.split("\n").includes(line), line);
    }
    assert.match(text, /^flowtap_web_streams /m);
  });

  it("tells a trace's causes, aliases and every fate", async () => {
    const trace = await get(`/api/traces/${CONVERSATION}`, TraceView);
    assert.equal(trace.traceId, TRACE);
    assert.deepEqual(trace.aliases, [CONVERSATION]);
    const fates = Object.fromEntries(
      trace.events.flatMap((event) => event.fates.map((fate) => [`${event.topic} ${fate.group}`, fate.fate])),
    );
    assert.deepEqual(fates, { "orders payments": "dead_lettered", "payments analytics": "consumed" });
    assert.equal(trace.events.find((event) => event.topic === "payments")?.fates[0]?.afterMs, 1200);
    assert.deepEqual(
      trace.causes.map((cause) => [cause.from, cause.to, cause.group, cause.knownBy]),
      [
        ["test/orders/1/50", "test/payments/0/7", "payments", "declared"],
        ["test/orders/1/50", "test/orders-dlt/0/0", "payments", "declared"],
      ],
    );
  });

  for (const limit of [1000, 333, 100, 7]) {
    it(`exports each event exactly once in pages of ${limit}`, async () => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: EventsView = await get(
          `/api/events?topic=orders&limit=${limit}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
          EventsView,
        );
        assert.ok(page.items.length <= limit);
        seen.push(...page.items.map((item) => `${item.partition}/${item.offset}`));
        cursor = page.next;
      } while (cursor !== null);
      assert.deepEqual(seen, [...Array.from({ length: ORDERS_EVENTS }, (_, i) => `0/${i}`), "1/50"]);
    });
  }

  const SEARCHES: readonly [why: string, q: string, kind: string, href: string][] = [
    ["a trace id", TRACE, "trace", `/traces/${TRACE}`],
    ["a traceparent", `00-${TRACE}-00f067aa0ba902b7-01`, "trace", `/traces/${TRACE}`],
    ["a conversation's id", CONVERSATION, "trace", `/traces/${TRACE}`],
    ["an event id", "e-2", "event", `/traces/${TRACE}?event=test%2Fpayments%2F0%2F7`],
    ["a key", "cust-saga", "key", `/traces/${TRACE}?event=test%2Forders-dlt%2F0%2F0`],
    ["all events of a key", "key cust-saga", "key", "/entities/cust-saga"],
    ["a place", "orders[1] 50", "event", "/topics/test/orders?tab=messages&mode=browse&partition=1&offset=50"],
    [
      "a place, as a path",
      "orders/1/50",
      "event",
      "/topics/test/orders?tab=messages&mode=browse&partition=1&offset=50",
    ],
    ["a group", "odd/name", "group", "/groups/test/odd%2Fname%20%3F%23"],
    ["a service", "analytics", "service", "/?focus=s%3Aanalytics"],
  ];
  for (const [why, q, kind, href] of SEARCHES) {
    it(`finds ${why}`, async () => {
      const { hits } = await get(`/api/search?q=${encodeURIComponent(q)}`, SearchView);
      assert.ok(
        hits.some((hit) => hit.kind === kind && hit.href === href),
        JSON.stringify(hits),
      );
    });
  }
});

describe("refusals", () => {
  const CASES: readonly { why: string; status: number; code: string; request: () => Promise<Response> }[] = [
    {
      why: "nobody is signed in",
      status: 401,
      code: "not_signed_in",
      request: () => ask("/api/flow", { token: null }),
    },
    {
      why: "a token nobody gave out",
      status: 401,
      code: "not_signed_in",
      request: () => ask("/api/flow", { token: "not-a-token-0123456789" }),
    },
    {
      why: "figures need a token too",
      status: 401,
      code: "not_signed_in",
      request: () => ask("/metrics", { token: null }),
    },
    {
      why: "a viewer may not write",
      status: 403,
      code: "forbidden",
      request: () => write("/api/replays", {}, { token: VIEWER }),
    },
    {
      why: "a write from another site",
      status: 403,
      code: "forbidden",
      request: () => write("/api/replays", {}, { headers: { origin: "https://evil.example" } }),
    },
    {
      why: "a write from a sandboxed frame",
      status: 403,
      code: "forbidden",
      request: () => write("/api/session", { token: VIEWER }, { headers: { origin: "null" } }),
    },
    {
      why: "a body that is too large",
      status: 413,
      code: "too_large",
      request: () => write("/api/replays", { fill: "x".repeat(300_000) }),
    },
    {
      why: "a query that is too long",
      status: 413,
      code: "too_large",
      request: () => ask(`/api/groups?q=${"x".repeat(5000)}`),
    },
    {
      why: "a body that is not JSON",
      status: 422,
      code: "invalid_input",
      request: () =>
        ask("/api/replays", {
          method: "POST",
          token: OPERATOR,
          body: "{",
          headers: { "content-type": "application/json" },
        }),
    },
    {
      why: "a body of another type",
      status: 422,
      code: "invalid_input",
      request: () =>
        ask("/api/replays", { method: "POST", token: OPERATOR, body: "{}", headers: { "content-type": "text/plain" } }),
    },
    {
      why: "a body that is not what the address takes",
      status: 422,
      code: "invalid_input",
      request: () => write("/api/replays", { kind: "redrive", ratePerSecond: -1 }),
    },
    {
      why: "a query that is not what the address takes",
      status: 422,
      code: "invalid_input",
      request: () => ask("/api/flow?hops=99"),
    },
    { why: "a trace id that is none", status: 422, code: "invalid_input", request: () => ask("/api/traces/xyz") },
    { why: "an unknown trace", status: 404, code: "not_found", request: () => ask(`/api/traces/${"f".repeat(32)}`) },
    { why: "a query with a NUL", status: 422, code: "invalid_input", request: () => ask("/api/search?q=a%00b") },
    { why: "an unknown group", status: 404, code: "not_found", request: () => ask("/api/groups/test/nobody") },
    { why: "an unknown address", status: 404, code: "not_found", request: () => ask("/api/nothing") },
    { why: "faults outside the demo", status: 404, code: "not_found", request: () => ask("/api/demo/faults") },
    {
      why: "a broker that does not answer",
      status: 503,
      code: "broker_unreachable",
      request: () => ask("/api/messages/test/orders/0/1"),
    },
  ];
  for (const { why, status, code, request } of CASES) {
    it(`${status}: ${why}`, async () => {
      const response = await request();
      assert.equal(response.status, status, await response.clone().text());
      assert.equal(ErrorBody.parse(await response.json()).error.code, code);
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    });
  }
  it("405 for a method the address does not take", async () => {
    const response = await ask("/api/flow", { method: "POST" });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET");
  });
  it("400 for a broken escape", async () => assert.equal((await ask("/api/groups/%E0/x")).status, 400));
});

describe("sign-in", () => {
  it("sends pages to the sign-in and back", async () => {
    const response = await ask("/groups?q=a", { token: null });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/sign-in?next=%2Fgroups%3Fq%3Da");
    assert.equal((await ask("/sign-in", { token: null })).status, 200);
  });

  it("lets a link from another site come again, when the browser sends its cookie", async () => {
    // By hand, because fetch writes these headers itself.
    const page = await new Promise<string>((resolve, reject) => {
      http
        .get(
          `${url}/groups?q=a`,
          { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" } },
          (response) => void text(response).then(resolve, reject),
        )
        .on("error", reject);
    });
    assert.match(page, /http-equiv="refresh" content="0;url=\/groups\?q=a"/);
  });

  it("gives a cookie that opens pages and API, and takes it back", async () => {
    const signedIn = await write("/api/session", { token: OPERATOR }, { token: null, headers: { origin: url } });
    assert.equal(signedIn.status, 200);
    const setCookie = signedIn.headers.get("set-cookie") ?? "";
    assert.match(setCookie, /; HttpOnly; SameSite=Strict$/);
    const cookie = setCookie.split(";", 1)[0] ?? "";
    const session = await ask("/api/session", { token: null, headers: { cookie } });
    assert.deepEqual(await session.json(), { name: "ops", role: "operator", demo: false, version: "0.1.0" });
    const page = await ask("/", { token: null, headers: { cookie } });
    assert.equal(page.status, 200);
    const nonce = /'nonce-([^']+)'/.exec(page.headers.get("content-security-policy") ?? "")?.[1] ?? "none";
    const scripts = (await page.text()).match(/<script\b[^>]*>/g) ?? [];
    assert.ok(scripts.length > 0);
    for (const script of scripts) assert.ok(script.includes(`nonce="${nonce}"`), script);
    assert.match(
      (await ask("/api/session", { method: "DELETE", token: null, headers: { cookie } })).headers.get("set-cookie") ??
        "",
      /Max-Age=0/,
    );
  });

  it("stops a stranger who keeps trying", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++)
      statuses.push((await write("/api/session", { token: `guess-${i}` }, { token: null })).status);
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429);
  });
});

describe("the live stream", () => {
  it("sends a pulse and the graph, and a new graph when a tap has stored something", async () => {
    const ended = new AbortController();
    const response = await ask("/api/stream?flow=1&topic=orders", { signal: ended.signal });
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    const events: string[] = [];
    const decoder = new TextDecoder();
    let noticed = false;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      for (const [, event] of decoder.decode(chunk, { stream: true }).matchAll(/^event: (\w+)$/gm))
        events.push(event ?? "");
      if (!noticed && events.includes("flow") && events.includes("pulse")) {
        noticed = true;
        const client = new pg.Client(postgres.url);
        await client.connect();
        await client.query(`SELECT pg_notify('flowtap', '{"kind":"flush","through":1,"events":1}')`);
        await client.end();
        events.length = 0;
      }
      if (noticed && events.includes("flow")) break;
    }
    ended.abort();
    assert.ok(noticed);
  });

  it("refuses before the first byte", async () => {
    assert.equal((await ask("/api/stream?hops=99")).status, 422);
    assert.equal((await ask("/api/topics/test/nothing/tail")).status, 404);
  });
});

it("describes every entry of the table", async () => {
  const document = await get(
    "/api/openapi.json",
    z.object({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  );
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(described.sort(), [...ROUTE_KEYS].sort());
});

describe("when Postgres dies and comes back", () => {
  const until = async (status: number, path: string) => {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const response = await ask(path);
      if (response.status === status) return response;
      assert.ok(Date.now() < deadline, `${path} kept answering ${response.status}: ${await response.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  it("says so, stays up, and goes on by itself", async () => {
    await postgres.kill9();
    const refused = await until(503, "/api/groups");
    assert.equal(ErrorBody.parse(await refused.json()).error.code, "database_unreachable");
    await until(503, "/api/health/ready");
    assert.equal((await ask("/api/health/live")).status, 200);
    await postgres.restart();
    await until(200, "/api/groups");
    await until(200, "/api/health/ready");
  });
});
