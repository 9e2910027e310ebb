/** Flowtap's API as a test wants it to answer: put in place of `fetch`, the last step before the network. */
import assert from "node:assert/strict";
import { afterEach } from "node:test";
import type { AppErrorCode } from "#lib/contracts/errors.ts";

interface ApiRequest {
  readonly method: string;
  /** path and query */
  readonly path: string;
  readonly body: unknown;
}
/** A body, or a function of the request that makes one; a `Response` where the status matters. */
type Answer = object | ((request: ApiRequest) => object);

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

const OPERATOR = { name: "mia", role: "operator", version: "1.2.3", demo: false };
export const VIEWER = { ...OPERATOR, name: "tom", role: "viewer" };

/** Answers by `METHOD /path`, without the query. A request without an answer fails the component and is reported. */
export function stubApi(answers: Readonly<Record<string, Answer>>): {
  readonly requests: readonly ApiRequest[];
  /** the bodies that were sent with `METHOD /path` */
  readonly sent: (route: string) => readonly unknown[];
} {
  const requests: ApiRequest[] = [];
  const all: Readonly<Record<string, Answer>> = { "GET /api/session": OPERATOR, ...answers };
  const pathOf = ({ path }: ApiRequest) => path.split("?")[0] ?? "";
  globalThis.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, "http://flowtap.test/");
    const request: ApiRequest = {
      method: init.method ?? "GET",
      path: `${url.pathname}${url.search}`,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    };
    requests.push(request);
    const answer = all[`${request.method} ${pathOf(request)}`];
    assert.ok(answer, `nothing answers ${request.method} ${request.path}`);
    const body = typeof answer === "function" ? (answer as (request: ApiRequest) => object)(request) : answer;
    return body instanceof Response ? body : Response.json(body);
  };
  return {
    requests,
    sent: (route) => requests.filter((one) => `${one.method} ${pathOf(one)}` === route).map((one) => one.body),
  };
}

/** What the API answers when it refuses. */
export const refusal = (status: number, code: AppErrorCode, message: string): Response =>
  Response.json({ error: { code, message } }, { status });
