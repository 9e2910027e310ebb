/** An OAuth token endpoint whose tokens the test broker accepts. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const OAUTH_SECRET = "the client's secret";

/** The client-credentials grant of RFC 6749, answering tokens that Kafka's unsecured validator takes. */
export async function openTokenEndpoint(): Promise<{ url: string; requests: () => number; close: () => void }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const [id, secret] = Buffer.from(request.headers.authorization?.replace("Basic ", "") ?? "", "base64")
      .toString()
      .split(":")
      .map(decodeURIComponent);
    if (secret !== OAUTH_SECRET) {
      response.writeHead(401).end();
      return;
    }
    const nowS = Math.floor(Date.now() / 1000);
    const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
    const token = `${part({ alg: "none" })}.${part({ sub: id, iat: nowS, exp: nowS + 600 })}.`;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ access_token: token, token_type: "bearer", expires_in: 600 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    requests: () => requests,
    close: () => server.close(),
  };
}
