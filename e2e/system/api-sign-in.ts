/** Signing in and out, and the pages behind it. */
import assert from "node:assert/strict";
import http from "node:http";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { OPERATOR, type Api } from "./api-server.ts";

export function testSignIn(api: Api): void {
  const { ask, write } = api;
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
            `${api.url}/groups?q=a`,
            { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" } },
            (response) => void text(response).then(resolve, reject),
          )
          .on("error", reject);
      });
      assert.match(page, /http-equiv="refresh" content="0;url=\/groups\?q=a"/);
    });

    it("gives a cookie that opens pages and API, and takes it back", async () => {
      const signedIn = await write("/api/session", { token: OPERATOR }, { token: null, headers: { origin: api.url } });
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
}
