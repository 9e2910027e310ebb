import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { ok } from "#lib/domain/result.ts";
import { openAccess } from "./access.ts";
import type { Container } from "./container.ts";
import type { Route } from "./route.ts";
import { ROUTE_KEYS, routeOf } from "./route-table.ts";
import { withApi } from "./with-api.ts";

const OPERATOR = { name: "ada", role: "operator", token: "operator-token-0123456789" } as const;
const VIEWER = { name: "team", role: "viewer", token: "viewer-token-0123456789" } as const;
/** Writes that a viewer may make; everything else that changes something needs the operator's role. */
const OPEN_WRITES: readonly string[] = ["POST /api/session", "DELETE /api/session"];

const WRITES = ROUTE_KEYS.filter((key) => !key.startsWith("GET ")).map(routeOf);
const GUARDED = ROUTE_KEYS.map(routeOf).filter(({ role }) => role !== "public");

const containerWith = (tokens: readonly (typeof OPERATOR | typeof VIEWER)[]): Container =>
  ({
    access: openAccess({ tokens, demo: false, now: Date.now, basePath: "" }),
    config: { web: {} },
    metrics: { request: () => undefined },
    log: pino({ level: "silent" }),
  }) as unknown as Container;

/** The answer's status, its error code, and whether the route's handler was called. */
async function ask(
  route: Route,
  token: string | null,
  { container = containerWith([OPERATOR, VIEWER]), fault = null }: { container?: Container; fault?: Error | null } = {},
) {
  let handled = false;
  const watched: Route = {
    pattern: route.pattern,
    role: route.role,
    summary: route.summary,
    answer: route.answer,
    handle: async () => {
      handled = true;
      if (fault !== null) throw fault;
      return ok({});
    },
  };
  const [method, path] = route.pattern.split(" ");
  const request = new Request(`http://localhost${path?.replace(/\{\w+\}/g, "1")}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  const response = await withApi(container, watched, request);
  const body = (await response.json()) as { readonly error?: { readonly code: string } };
  return { status: response.status, code: body.error?.code ?? null, handled };
}

describe("access to the routes", () => {
  for (const route of WRITES.filter(({ pattern }) => !OPEN_WRITES.includes(pattern))) {
    it(`refuses a viewer at ${route.pattern} before its handler runs`, async () => {
      assert.equal(route.role, "operator");
      assert.deepEqual(await ask(route, VIEWER.token), { status: 403, code: "forbidden", handled: false });
      assert.deepEqual(await ask(route, OPERATOR.token), { status: 200, code: null, handled: true });
    });
  }
  it("lets anyone make the writes that are listed as exceptions", async () => {
    for (const route of WRITES.filter(({ pattern }) => OPEN_WRITES.includes(pattern)))
      assert.deepEqual(await ask(route, null), { status: 200, code: null, handled: true }, route.pattern);
  });
  it("asks for a token at every route that is not public, before its handler runs", async () => {
    for (const route of GUARDED)
      assert.deepEqual(await ask(route, null), { status: 401, code: "not_signed_in", handled: false }, route.pattern);
  });
  it("is closed to everyone while no token is configured", async () => {
    for (const route of GUARDED)
      assert.deepEqual(
        await ask(route, OPERATOR.token, { container: containerWith([]) }),
        { status: 403, code: "forbidden", handled: false },
        route.pattern,
      );
  });
});

describe("what goes wrong in a handler", () => {
  const FAULTS = [
    {
      why: "a query past its statement timeout",
      fault: Object.assign(new Error("canceling statement"), { code: "57014" }),
      status: 504,
      code: "timed_out",
    },
    {
      why: "a database that is away",
      fault: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
      status: 503,
      code: "database_unreachable",
    },
    { why: "anything else", fault: new TypeError("a bug"), status: 500, code: "internal" },
  ] as const;
  const route = routeOf("GET /api/status");
  for (const { why, fault, status, code } of FAULTS)
    it(`answers ${status} for ${why}`, async () =>
      assert.deepEqual(await ask(route, VIEWER.token, { fault }), { status, code, handled: true }));
});
