/** What every API request goes through: who asks, may they, is it well formed, one call, one kind of answer. */
import type { z } from "zod";
import type { AppError } from "#lib/contracts/errors.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { isDatabaseUnreachable, isTooSlow } from "#lib/store/db/database-faults.ts";
import { mayActAs, type Identity } from "./access.ts";
import type { Container } from "./container.ts";
import { errorResponse, jsonResponse } from "./error-response.ts";
import { isFromHere } from "./origin.ts";
import { paramsOf } from "./route-pattern.ts";
import type { Route } from "./route.ts";

const MAX_BODY_BYTES = 256 * 1024;
const MAX_QUERY_CHARS = 4096;

type Checked<T> = Result<T, AppError>;

export async function withApi(container: Container, route: Route, request: Request): Promise<Response> {
  const startedAt = performance.now();
  const identity = container.access.identify({
    authorization: request.headers.get("authorization"),
    cookie: request.headers.get("cookie"),
  });
  let response: Response;
  try {
    response = await answer(container, route, request, identity);
  } catch (error) {
    response = errorResponse(faultOf(container, route, error));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  container.metrics.request(route.pattern, response.status, seconds);
  const level = response.status >= 500 ? "warn" : route.pattern.startsWith("GET") ? "debug" : "info";
  container.log[level](
    { route: route.pattern, status: response.status, ms: Math.round(seconds * 1000), by: identity?.name ?? null },
    "request",
  );
  return response;
}

async function answer(
  container: Container,
  route: Route,
  request: Request,
  identity: Identity | null,
): Promise<Response> {
  const refused = refusal(container, route, request, identity);
  if (refused !== null) return errorResponse(refused);
  const asked = await parse(route, request);
  if (!asked.ok) return errorResponse(asked.error);
  const outcome = await route.handle(container, { ...asked.value, identity, request });
  if (outcome instanceof Response) return outcome;
  if (!outcome.ok) return errorResponse(outcome.error);
  return jsonResponse(outcome.value, { status: route.status ?? 200 });
}

function refusal(
  { access, config }: Container,
  route: Route,
  request: Request,
  identity: Identity | null,
): AppError | null {
  if (!route.pattern.startsWith("GET ") && !isFromHere(request.headers, config.web.publicUrl)) {
    const behindProxy = "If Flowtap stands behind a proxy, set web.publicUrl to the address people type.";
    return { code: "forbidden", message: `This request comes from another site. ${behindProxy}` };
  }
  if (route.role === "public") return null;
  if (identity === null) {
    if (access.mode === "closed")
      return {
        code: "forbidden",
        message: "No access token is configured. Name one under access.tokens in the configuration and restart.",
      };
    return { code: "not_signed_in", message: "Sign in first, or send `Authorization: Bearer <token>`." };
  }
  if (!mayActAs(identity, route.role))
    return { code: "forbidden", message: `This needs the role ${route.role}; ${identity.name} is a ${identity.role}.` };
  return null;
}

async function parse(
  route: Route,
  request: Request,
): Promise<Checked<{ params: unknown; query: unknown; body: unknown }>> {
  const url = new URL(request.url);
  if (url.search.length > MAX_QUERY_CHARS)
    return err({ code: "too_large", message: `The query string may have ${MAX_QUERY_CHARS} characters at most.` });
  const params = through(route.params, paramsOf(route.pattern, url.pathname) ?? {}, "path");
  if (!params.ok) return params;
  const query = through(route.query, Object.fromEntries(url.searchParams), "query");
  if (!query.ok) return query;
  if (route.body === undefined) return ok({ params: params.value, query: query.value, body: undefined });
  const json = await readJson(request);
  if (!json.ok) return json;
  const body = through(route.body, json.value, "body");
  return body.ok ? ok({ params: params.value, query: query.value, body: body.value }) : body;
}

function through(schema: z.ZodType | undefined, value: unknown, where: string): Checked<unknown> {
  if (schema === undefined) return ok(undefined);
  if (holdsNul(value))
    return err({
      code: "invalid_input",
      message: `The ${where} holds a NUL character, which nothing Flowtap keeps holds. Leave it out.`,
    });
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const fields = parsed.error.issues
    .slice(0, 50)
    .map((issue) => ({ path: issue.path.join(".") || where, message: issue.message }));
  return err({
    code: "invalid_input",
    message: `The ${where} is not what this address takes: ${fields[0]?.path ?? ""}: ${fields[0]?.message ?? ""}`,
    fields,
  });
}

/** Postgres takes no NUL in any text. */
function holdsNul(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\0");
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNul);
}

/** No body at all is an empty one: some writes have nothing to say. */
async function readJson(request: Request): Promise<Checked<unknown>> {
  if (request.body === null || (!request.headers.has("content-type") && request.headers.get("content-length") === "0"))
    return ok({});
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? ""))
    return err({ code: "invalid_input", message: "Send the body as application/json." });
  const tooLarge = err({
    code: "too_large",
    message: `The body may have ${MAX_BODY_BYTES / 1024} KiB at most.`,
  } as const);
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return tooLarge;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Read by hand: a body without content-length must not be taken in whole first.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return tooLarge;
    chunks.push(chunk);
  }
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown);
  } catch (error) {
    return err({
      code: "invalid_input",
      message: `The body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function faultOf({ log }: Container, route: Route, error: unknown): AppError {
  if (isDatabaseUnreachable(error)) {
    log.warn({ route: route.pattern, reason: String(error) }, "the database does not answer");
    return {
      code: "database_unreachable",
      message:
        "Flowtap's database does not answer. What is shown may be old; it goes on by itself when the database is back.",
    };
  }
  if (isTooSlow(error))
    return {
      code: "timed_out",
      message: "The database took longer than five seconds and was stopped. Narrow the time range or the filters.",
    };
  const reference = Math.random().toString(36).slice(2, 10);
  log.error({ route: route.pattern, reference, err: error }, "a request failed");
  return { code: "internal", message: `Something went wrong in Flowtap; its log says more under ${reference}.` };
}
