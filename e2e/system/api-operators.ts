/** What operators change through the API, and viewers may not: saved views, silences, decisions about failures. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AlertsView, DeliveriesView } from "#lib/contracts/alerts.ts";
import { FailureGroupView } from "#lib/contracts/failures.ts";
import { PublishersView } from "#lib/contracts/publishers.ts";
import { SavedViewsView } from "#lib/contracts/views.ts";
import { OPERATOR, VIEWER, type Api } from "./api-server.ts";
import { FINGERPRINT } from "./api-world-ids.ts";

export function testOperators(api: Api): void {
  const { ask, get, write } = api;
  describe("what operators change", () => {
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

    it("takes publishers over and gives them up: an operator writes, a viewer reads", async () => {
      const rules = [{ kind: "topic", name: "orders", service: "shop" }];
      assert.equal((await write("/api/publishers", { rules }, { token: VIEWER })).status, 403);
      assert.equal((await write("/api/publishers", { rules: [{ ...rules[0], name: "o*" }] })).status, 422);
      assert.equal((await write("/api/publishers", { rules })).status, 204);
      const { rules: taken } = await get("/api/publishers", PublishersView);
      assert.deepEqual(
        taken.map(({ kind, name, service, createdBy }) => [kind, name, service, createdBy]),
        [["topic", "orders", "shop", "ops"]],
      );
      const address = "/api/publishers?kind=topic&name=orders";
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
      const { deliveryId } = (await (await write("/api/alerts/channels/hook/test", {})).json()) as {
        deliveryId: string;
      };
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
  });
}
