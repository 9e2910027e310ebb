/** Events of which only their producer tells whose process published them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assembleTrace } from "./assemble.ts";
import { EMAILS, event, ORDERS, PAYMENTS, STOCK, subscription } from "./order-saga.test-data.ts";
import { indexSubscriptions } from "./subscriptions.ts";
import type { TraceEvent } from "./trace.ts";

const [shop, audit] = [21, 22];
// Groups without a service; audit reads everything.
const READS = indexSubscriptions([
  subscription(shop, PAYMENTS, null),
  subscription(shop, STOCK, null),
  subscription(audit, ORDERS, null),
  subscription(audit, PAYMENTS, null),
  subscription(audit, STOCK, null),
]);
const byShop = (id: string, destinationId: number, atMs: number): TraceEvent =>
  event(id, destinationId, atMs, null, { publisherGroupId: shop });
/** `observed`: by destination, how often its events were observed to be the cause. */
const edges = (events: readonly TraceEvent[], observed: Readonly<Record<number, number>> = {}) =>
  assembleTrace(events, READS, ({ fromDestinationId }) => observed[fromDestinationId] ?? 0).causes.map(
    ({ fromId, groupId, toId }) => `${fromId} →${groupId} ${toId}`,
  );

describe("an event whose producer commits a group's offsets", () => {
  const paid = event("paid", PAYMENTS, 0, null);
  const reserved = event("reserved", STOCK, 5, null);

  it("comes from what that group reads, whoever reads it too", () => {
    assert.deepEqual(edges([paid, byShop("mail", EMAILS, 9)]), [`paid →${shop} mail`]);
    assert.deepEqual(edges([paid, event("mail", EMAILS, 9, null)]), [], "nothing is known of its producer");
    assert.deepEqual(edges([event("placed", ORDERS, 0, null), byShop("mail", EMAILS, 9)]), [], "it does not read that");
  });

  it("comes from one of several kinds only where that one was observed, and no other", () => {
    const trace = [paid, reserved, byShop("mail", EMAILS, 9)];
    assert.deepEqual(edges(trace), []);
    assert.deepEqual(edges(trace, { [PAYMENTS]: 4 }), []);
    assert.deepEqual(edges(trace, { [PAYMENTS]: 5 }), [`paid →${shop} mail`], "although the other is nearer");
    assert.deepEqual(edges(trace, { [PAYMENTS]: 40, [STOCK]: 2 }), [`paid →${shop} mail`]);
    assert.deepEqual(edges(trace, { [PAYMENTS]: 39, [STOCK]: 2 }), []);
  });

  it("was passed on with its span where that group reads it, and not from what the same process published", () => {
    const spanned = (one: TraceEvent): TraceEvent => ({ ...one, spanId: 1n });
    const mail = spanned(byShop("mail", EMAILS, 9));
    assert.deepEqual(edges([spanned(paid), spanned(reserved), mail]), [`reserved →${shop} mail`]);
    assert.deepEqual(edges([spanned(byShop("paid", PAYMENTS, 0)), { ...mail, occurredAtMs: 0 }]), []);
  });

  it("names the group where the event itself names its cause", () => {
    const named = { ...byShop("mail", EMAILS, 9), causeRef: 7n };
    assert.deepEqual(edges([{ ...paid, messageRef: 7n }, named]), [`paid →${shop} mail`]);
  });
});
