/** Flowtap as one of several things behind a name: under a path, behind a proxy that keeps the path or takes it away. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { chromium, type Browser, type Page } from "playwright";
import { chromiumOptions } from "#e2e/browser/chromium.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";

const BASE = "/tools/flowtap";
const TOKEN = "viewer-token-0123456789";

describe(`under ${BASE}`, () => {
  let postgres: MigratedPostgres;
  let flowtap: Flowtap;
  let browser: Browser;
  let webUrl = "";
  const proxies: http.Server[] = [];

  /** Everything outside the path is somebody else's. */
  async function proxy(isStripping: boolean): Promise<string> {
    const server = http.createServer((request, response) => {
      const { url = "/" } = request;
      if (url !== BASE && !url.startsWith(`${BASE}/`) && !url.startsWith(`${BASE}?`)) {
        response.writeHead(404).end("another service's");
        return;
      }
      const path = isStripping ? url.slice(BASE.length) || "/" : url;
      const asked = http.request(webUrl + path, { method: request.method ?? "GET", headers: request.headers });
      asked.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      asked.on("error", () => response.destroy());
      response.on("close", () => asked.destroy());
      request.pipe(asked);
    });
    proxies.push(server.listen(0, "127.0.0.1"));
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  before(async () => {
    postgres = await startMigratedPostgres();
    const origin = await proxy(false);
    flowtap = await prepareFlowtap({
      databaseUrl: postgres.url,
      brokers: ["127.0.0.1:1"],
      open: false,
      config: {
        web: { publicUrl: `${origin}${BASE}/` },
        access: { tokens: [{ name: "team", role: "viewer", token: TOKEN }] },
      },
    });
    ({ url: webUrl } = await flowtap.startWeb());
    browser = await chromium.launch(await chromiumOptions());
  });
  after(async () => {
    await browser?.close();
    for (const server of proxies) {
      server.closeAllConnections();
      server.close();
    }
    await flowtap?.stop();
    await postgres?.stop();
  });

  const originOf = (index: number) => `http://127.0.0.1:${(proxies[index]?.address() as AddressInfo).port}`;

  async function signedIn(origin: string): Promise<{ page: Page; strays: string[] }> {
    const page = await browser.newPage();
    const strays: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (request.url().startsWith("http") && pathname !== BASE && !pathname.startsWith(`${BASE}/`))
        strays.push(pathname);
    });
    await page.goto(`${origin}${BASE}/groups?verdict=stopped`);
    assert.equal(new URL(page.url()).pathname, `${BASE}/sign-in`);
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Groups", level: 1 }).waitFor();
    return { page, strays };
  }

  it("signs in, shows pages and goes from one to the next, with nothing asked outside of the path", async () => {
    const { page, strays } = await signedIn(originOf(0));
    assert.equal(page.url(), `${originOf(0)}${BASE}/groups?verdict=stopped`);
    const [cookie] = await page.context().cookies(`${originOf(0)}${BASE}`);
    assert.deepEqual([cookie?.name, cookie?.path], ["flowtap_session", BASE]);
    assert.deepEqual(await page.context().cookies(originOf(0)), []);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.waitForURL(`**${BASE}/settings`);
    assert.equal(
      await page.getByRole("link", { name: "openapi.json" }).getAttribute("href"),
      `${BASE}/api/openapi.json`,
    );
    assert.deepEqual(strays, []);
    await page.close();
  });

  it("signs out, with the cookie of the path gone", async () => {
    const { page, strays } = await signedIn(originOf(0));
    await page.getByRole("button", { name: "team, viewer: menu" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(`${originOf(0)}${BASE}/sign-in`);
    assert.deepEqual(await page.context().cookies(`${originOf(0)}${BASE}`), []);
    assert.deepEqual(strays, []);
    await page.close();
  });

  it("streams, and answers the API there, and to probes without the path", async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const stop = new AbortController();
    const stream = await fetch(`${originOf(0)}${BASE}/api/stream`, { headers, signal: stop.signal });
    assert.equal(stream.headers.get("content-type"), "text/event-stream; charset=utf-8");
    stop.abort();
    const openapi = (await (await fetch(`${originOf(0)}${BASE}/api/openapi.json`, { headers })).json()) as {
      servers: unknown;
    };
    assert.deepEqual(openapi.servers, [{ url: BASE }]);
    const missing = await fetch(`${originOf(0)}${BASE}/api/groups/a/b%2Fc`, { headers });
    assert.equal(missing.status, 404);
    assert.match(await missing.text(), /b\/c/, "what stands in the path is read from its right place");
    assert.equal((await fetch(`${webUrl}/api/health/live`)).status, 200);
  });

  it("works behind a proxy that takes the path away", async () => {
    const { page, strays } = await signedIn(await proxy(true));
    assert.deepEqual(strays, []);
    await page.close();
  });
});
