/** Each refusal has its status and its code. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorBody } from "#lib/contracts/errors.ts";
import { OPERATOR, VIEWER, type Api } from "./api-server.ts";

export function testRefusals(api: Api): void {
  const { ask, write } = api;
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
          ask("/api/replays", {
            method: "POST",
            token: OPERATOR,
            body: "{}",
            headers: { "content-type": "text/plain" },
          }),
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
}
