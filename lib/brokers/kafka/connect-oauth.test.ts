import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { openTokenSource } from "./connect-oauth.ts";

describe("OAUTHBEARER tokens", () => {
  const asked: { authorization: string | undefined; body: string }[] = [];
  let answer: { status: number; body: string } = { status: 200, body: "" };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      asked.push({ authorization: request.headers.authorization, body });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
  });
  let config: Parameters<typeof openTokenSource>[0];

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    config = {
      mechanism: "oauthbearer",
      tokenEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
      clientId: "flow tap",
      clientSecret: "s:cret",
      scope: "kafka",
    };
  });
  after(() => server.close());

  it("asks once for many connections, and again only when the token is about to end", async () => {
    let now = 0;
    asked.length = 0;
    answer = { status: 200, body: '{"access_token":"one","expires_in":3600}' };
    const token = openTokenSource(config, () => now);
    assert.deepEqual(await Promise.all([token(), token(), token()]), ["one", "one", "one"]);
    assert.deepEqual(asked, [
      {
        authorization: `Basic ${Buffer.from("flow%20tap:s%3Acret").toString("base64")}`,
        body: "grant_type=client_credentials&scope=kafka",
      },
    ]);
    answer.body = '{"access_token":"two","expires_in":3600}';
    now = 3_500_000;
    assert.equal(await token(), "one");
    now = 3_580_000;
    assert.equal(await token(), "two");
    assert.equal(asked.length, 2);
  });

  it("reports the endpoint's answer, and never the secret", async () => {
    answer = { status: 401, body: '{"error":"invalid_client"}' };
    await assert.rejects(
      openTokenSource(config)(),
      (error: Error) => /401/.test(error.message) && !error.message.includes("s:cret"),
    );
  });

  it("refuses an answer that holds no token", async () => {
    answer = { status: 200, body: "{}" };
    await assert.rejects(openTokenSource(config)(), /access_token/);
  });
});
