import { FlowDetailQuery, FlowDetailView, RailQuery, RailView } from "#lib/contracts/flow-detail.ts";
import { FlowGraphView, FlowQuery } from "#lib/contracts/flow.ts";
import { StreamQuery } from "#lib/contracts/stream.ts";
import { err } from "#lib/domain/result.ts";
import { getFlowDetail } from "#lib/queries/flow-detail.ts";
import { getRail } from "#lib/queries/flow-rail.ts";
import { getFlowGraph } from "#lib/queries/flow.ts";
import { route } from "../route.ts";
import { sseResponse } from "../sse.ts";

export const FLOW_ROUTES = {
  "GET /api/flow": route({
    summary: "The flow graph, live or as it was",
    role: "viewer",
    query: FlowQuery,
    answer: FlowGraphView,
    handle: ({ queries }, { query }) => getFlowGraph(queries, query),
  }),
  "GET /api/flow/rail": route({
    summary: "Throughput and failures over time",
    role: "viewer",
    query: RailQuery,
    answer: RailView,
    handle: ({ queries }, { query }) => getRail(queries, query),
  }),
  "GET /api/flow/detail": route({
    summary: "One node or edge of the graph over time, with its last events",
    role: "viewer",
    query: FlowDetailQuery,
    answer: FlowDetailView,
    handle: ({ queries }, { query }) => getFlowDetail(queries, query),
  }),
  "GET /api/stream": route({
    summary: "Live updates (server-sent events): pulse, changed and, with flow=1, flow frames",
    role: "viewer",
    query: StreamQuery,
    answer: {
      contentType: "text/event-stream",
      description:
        "`pulse` → Pulse, `flow` → FlowGraph, `changed` → the nouns whose lists have changed, " +
        "`alive` every 15 s when there is nothing else",
    },
    handle: async ({ liveFeed }, { query: { flow, ...filter }, request }) => {
      const mailbox = liveFeed.subscribe(flow === "1" ? filter : null);
      if (mailbox === null)
        return err({
          code: "too_many_requests",
          message: "Too many live pages, or too many different filters, are open at once. Close some and load again.",
        });
      return sseResponse(mailbox, { signal: request.signal });
    },
  }),
} as const;
