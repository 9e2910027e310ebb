/** What the front door lets through, on a real server with nothing behind it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { pino } from "pino";
import { openAccess } from "./access.ts";
import { openFrontDoor, type FrontDoor } from "./front-door.ts";
import { isStream, ROUTE_KEYS } from "./route-table.ts";
import { openWrongTokens } from "./wrong-tokens.ts";

const VIEWER = { name: "team", role: "viewer", token: "viewer-token-0123456789" } as const;

describe("the front door", () => {
  let server: http.Server;
  let passed: string[] = [];
  const counted: string[] = [];
  const ask = (path: string, method = "GET", token: string = VIEWER.token) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
      method,
      redirect: "manual",
      headers: { authorization: `Bearer ${token}` },
    });

  before(async () => {
    const container = {
      access: openAccess({ tokens: [VIEWER], demo: false, now: Date.now, basePath: "" }),
      config: { web: { host: "127.0.0.1", trustedProxies: [] } },
      wrongTokens: openWrongTokens({
        count: (way) => counted.push(way),
        log: pino({ level: "silent" }),
        now: Date.now,
        wait: () => Promise.resolve(),
      }),
    } as unknown as FrontDoor["container"];
    const door = openFrontDoor({
      container,
      dev: false,
      next: async (request, response) => {
        passed.push(`${request.method} ${request.url}`);
        response.end();
      },
    });
    server = http.createServer(door).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const key of ROUTE_KEYS.filter(isStream)) {
    const path = key.replace("GET ", "").replace(/\{\w+\}/g, "a");
    it(`refuses HEAD at ${path}, which would be a stream without a reader`, async () => {
      passed = [];
      const refused = await ask(path, "HEAD");
      assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "GET"]);
      assert.equal((await ask(path)).status, 200);
      assert.deepEqual(passed, [`GET ${path}`]);
    });
  }
  it("knows the streams", () =>
    assert.deepEqual(ROUTE_KEYS.filter(isStream).sort(), [
      "GET /api/stream",
      "GET /api/topics/{cluster}/{topic}/tail",
    ]));
  it("takes HEAD elsewhere", async () => {
    const statuses = await Promise.all(["/api/groups", "/api/health/live", "/groups"].map((path) => ask(path, "HEAD")));
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200, 200, 200],
    );
  });
  it("answers a wrong token itself, and after thirty not even a right one until the minute is over", async () => {
    passed = [];
    const statuses: number[] = [];
    for (let i = 0; i < 31; i++) statuses.push((await ask("/api/groups", "GET", `guess-${i}-0123456789`)).status);
    assert.deepEqual([statuses[0], statuses[29], statuses[30], counted.length], [401, 401, 429, 30]);
    assert.equal((await ask("/api/groups")).headers.get("retry-after"), "60");
    assert.deepEqual(passed, []);
  });
});
