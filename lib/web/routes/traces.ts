import { SearchQuery, SearchView } from "#lib/contracts/search.ts";
import { TraceQuery, TracesQuery, TracesView, TraceView } from "#lib/contracts/traces.ts";
import { search } from "#lib/queries/search.ts";
import { getTrace } from "#lib/queries/trace.ts";
import { listTraces } from "#lib/queries/traces.ts";
import { route } from "../route.ts";
import { TracePath } from "./shared.ts";

export const TRACE_ROUTES = {
  "GET /api/traces": route({
    summary: "Correlated flows, the latest first",
    role: "viewer",
    query: TracesQuery,
    answer: TracesView,
    handle: ({ queries }, { query }) => listTraces(queries, query),
  }),
  "GET /api/traces/{traceId}": route({
    summary: "One flow: its events, their causes and fates",
    role: "viewer",
    params: TracePath,
    query: TraceQuery,
    answer: TraceView,
    handle: ({ queries }, { params, query }) => getTrace(queries, params.traceId, query),
  }),
  "GET /api/search": route({
    summary: "Finds a trace, event, key, position, topic, group or service",
    role: "viewer",
    query: SearchQuery,
    answer: SearchView,
    handle: ({ queries }, { query }) => search(queries, query),
  }),
} as const;
