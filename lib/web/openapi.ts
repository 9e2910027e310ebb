/** The API's description, made of the very schemas that check its requests. */
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { ErrorBody } from "#lib/contracts/errors.ts";
import { splitPattern } from "./route-pattern.ts";
import type { Route } from "./route.ts";

const DESCRIPTION_OF_STATUS = {
  401: "not signed in",
  403: "not allowed",
  404: "not known",
  409: "does not fit what is",
  413: "too large",
  422: "not what this address takes",
  429: "too many",
  500: "a fault of Flowtap",
  503: "broker or database unreachable",
  504: "the database took too long to answer",
} as const;

/** `base`: the path that the API is served under; "" at the root. */
export function describeApi(
  routes: readonly Route[],
  version: string,
  base: string,
): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const [method, path] = splitPattern(route.pattern);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route, path) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Flowtap",
      version,
      description:
        "Offsets and other 64-bit numbers are decimal strings, times ISO 8601, durations in the unit their name says.",
    },
    servers: [{ url: base || "/" }],
    paths,
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "flowtap_session" },
      },
    },
  });
}

function operation(route: Route, path: string): ZodOpenApiOperationObject {
  const { answer, role } = route;
  const refusals: ZodOpenApiOperationObject["responses"] = {};
  for (const [status, description] of Object.entries(DESCRIPTION_OF_STATUS)) {
    if (role === "public" && (status === "401" || status === "403")) continue;
    refusals[status as "401"] = { description, content: { "application/json": { schema: ErrorBody } } };
  }
  const content =
    answer instanceof z.ZodType
      ? { "application/json": { schema: answer } }
      : { [answer.contentType]: { schema: z.string() } };
  const done = {
    description: answer instanceof z.ZodType ? "done" : answer.description,
    ...(route.status !== 204 && { content }),
  };
  return {
    operationId: route.pattern.replace(/[^A-Za-z]+(\w?)/g, (_all, next: string) => next.toUpperCase()),
    summary: route.summary,
    tags: [path.split("/")[2] ?? "api"],
    ...(role === "public" && { security: [] }),
    requestParams: {
      ...(route.params instanceof z.ZodObject && { path: route.params }),
      ...(route.query instanceof z.ZodObject && { query: route.query }),
    },
    ...(route.body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: route.body } } },
    }),
    responses: { [String(route.status ?? 200) as "200"]: done, ...refusals },
  };
}
