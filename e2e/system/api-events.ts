/** What the API says of events: their traces, their pages, and what a search finds. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventsView } from "#lib/contracts/events.ts";
import { SearchView } from "#lib/contracts/search.ts";
import { TraceView } from "#lib/contracts/traces.ts";
import type { Api } from "./api-server.ts";
import { CONVERSATION, ORDERS_EVENTS, TRACE } from "./api-world-ids.ts";

export function testEvents(api: Api): void {
  const { get } = api;
  describe("what the answers say of events", () => {
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
      ["a group", "odd/name", "group", "/groups/test/~b2RkL25hbWUgPyM"],
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
}
