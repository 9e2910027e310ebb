/** What the API says of the flow graph. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FlowGraphView } from "#lib/contracts/flow.ts";
import type { Api } from "./api-server.ts";

export function testFlow(api: Api): void {
  const { get } = api;
  describe("what the answers say of the flow", () => {
    it("draws the whole saga, with who is stuck", async () => {
      // At the moment it was filled: the window slides on while slow machines test.
      const graph = await get(
        `/api/flow?at=${encodeURIComponent(new Date(api.filledAtMs).toISOString())}`,
        FlowGraphView,
      );
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
  });
}
