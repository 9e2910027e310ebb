/** Every address that reads answers what its contract says, and the OpenAPI document has them all. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { ROUTE_KEYS, routeOf, type RouteKey } from "#lib/web/route-table.ts";
import type { Api } from "./api-server.ts";
import { CONVERSATION, FINGERPRINT, TRACE } from "./api-world-ids.ts";

const SAGA_EVENT = encodeURIComponent("test/orders/1/50");

export function testContracts(api: Api): void {
  const { get } = api;
  describe("every reading entry of the table answers its own contract", () => {
    const ADDRESSES: Partial<Record<RouteKey, string[]>> = {
      "GET /api/flow": [
        "/api/flow",
        `/api/flow?at=${encodeURIComponent(new Date(Date.now() - 60_000).toISOString())}`,
        "/api/flow?errors=only&focus=t:test/orders&hops=1",
      ],
      "GET /api/flow/nodes": ["/api/flow/nodes?q=ord&kind=topic&limit=1", "/api/flow/nodes?errors=only"],
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
        `/api/entities/cust-saga?cluster=test&topics=orders,orders-dlt&merge=snapshot&limit=1&event=${SAGA_EVENT}`,
      ],
      "GET /api/search": ["/api/search?q=orders"],
      "GET /api/replays": ["/api/replays"],
      "GET /api/status": ["/api/status"],
      "GET /api/publishers": ["/api/publishers"],
      "GET /api/alerts": ["/api/alerts", "/api/alerts?cluster=test&group=payments"],
      "GET /api/alerts/deliveries": [
        "/api/alerts/deliveries",
        "/api/alerts/deliveries?channel=hook&status=sent&limit=1",
      ],
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
}
