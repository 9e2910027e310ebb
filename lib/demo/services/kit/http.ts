import http from "node:http";
import { once } from "node:events";

const BODY_LIMIT_BYTES = 64 * 1024;

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
/** Returns the answer; undefined: not found. `raw` writes the response itself, as streams do. */
export type HttpHandler = (
  request: HttpRequest,
) => Promise<{ status?: number; body: unknown } | { raw: (response: http.ServerResponse) => void } | undefined>;

export async function serveHttp(port: number, handle: HttpHandler): Promise<http.Server> {
  const server = http.createServer((request, response) => void answer(request, response, handle));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  handle: HttpHandler,
): Promise<void> {
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  try {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const outcome = await handle({
      method: request.method ?? "GET",
      path: (request.url ?? "/").split("?")[0] ?? "/",
      headers,
      body: await readBody(request),
    });
    if (outcome === undefined) reply(404, { error: "not found" });
    else if ("raw" in outcome) outcome.raw(response);
    else reply(outcome.status ?? 200, outcome.body);
  } catch (error) {
    const badBody = error instanceof SyntaxError;
    if (!badBody) console.error(error);
    reply(badBody ? 400 : 503, { error: (error as Error).message });
  }
}

async function readBody(request: http.IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_LIMIT_BYTES) throw new SyntaxError("body too large");
  }
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
