/** What every API request goes through: who asks, may they, is it well formed, one call, one kind of answer. */
import type { AppError } from "#lib/contracts/errors.ts";
import { isDatabaseUnreachable, isTooSlow } from "#lib/store/db/database-faults.ts";
import { mayActAs, type Identity } from "./access.ts";
import type { Container } from "./container.ts";
import { errorResponse, jsonResponse } from "./error-response.ts";
import { isFromHere } from "./origin.ts";
import type { Route } from "./route.ts";
import { parse } from "./route-input.ts";

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
