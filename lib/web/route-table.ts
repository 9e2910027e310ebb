/**
 * The whole API in one table: the wrapper checks requests by it, the OpenAPI document is made of it, a test
 * holds app/api to it.
 */
import { basePath } from "#lib/client/base-path.ts";
import { ok } from "#lib/domain/result.ts";
import { z } from "zod";
import { describeApi } from "./openapi.ts";
import type { RoutePattern } from "./route-pattern.ts";
import { route, type Route } from "./route.ts";
import { ALERT_ROUTES } from "./routes/alerts.ts";
import { ENTITY_ROUTES } from "./routes/entities.ts";
import { FAILURE_ROUTES } from "./routes/failures.ts";
import { FLOW_ROUTES } from "./routes/flow.ts";
import { GROUP_ROUTES } from "./routes/groups.ts";
import { PUBLISHER_ROUTES } from "./routes/publishers.ts";
import { REPLAY_ROUTES } from "./routes/replays.ts";
import { SYSTEM_ROUTES } from "./routes/system.ts";
import { TOPIC_ROUTES } from "./routes/topics.ts";
import { TRACE_ROUTES } from "./routes/traces.ts";

let described: ReturnType<typeof describeApi> | undefined;

export const ROUTES = {
  ...FLOW_ROUTES,
  ...GROUP_ROUTES,
  ...TOPIC_ROUTES,
  ...TRACE_ROUTES,
  ...ENTITY_ROUTES,
  ...FAILURE_ROUTES,
  ...REPLAY_ROUTES,
  ...ALERT_ROUTES,
  ...PUBLISHER_ROUTES,
  ...SYSTEM_ROUTES,
  "GET /api/openapi.json": route({
    summary: "This document",
    role: "public",
    answer: z.record(z.string(), z.unknown()),
    handle: async ({ version }) => ok({ ...(described ??= describeApi(ALL_ROUTES, version, basePath())) }),
  }),
} as const satisfies Record<RoutePattern, Omit<Route, "pattern">>;

export type RouteKey = keyof typeof ROUTES;

export const ROUTE_KEYS = Object.keys(ROUTES) as RouteKey[];
const isKey = (pattern: RoutePattern): pattern is RouteKey => pattern in ROUTES;

/** The row of the table. */
export function routeOf(pattern: RoutePattern): Route {
  if (!isKey(pattern)) throw new Error(`the route table has no ${pattern}`);
  return { ...ROUTES[pattern], pattern };
}

/** Whether the answer goes on until one side ends it. */
export function isStream(key: RouteKey): boolean {
  const { answer } = routeOf(key);
  return "contentType" in answer && answer.contentType === "text/event-stream";
}

const ALL_ROUTES: readonly Route[] = ROUTE_KEYS.map(routeOf);
