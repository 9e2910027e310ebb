import { FlowDetailQuery, FlowDetailView, RailQuery, RailView } from "#lib/contracts/flow-detail.ts";
import { FlowGraphView, FlowNodesQuery, FlowNodesView, FlowQuery } from "#lib/contracts/flow.ts";
import { StreamQuery } from "#lib/contracts/stream.ts";
import { err } from "#lib/domain/result.ts";
import { getFlowDetail } from "#lib/queries/flow-detail.ts";
import { getRail } from "#lib/queries/flow-rail.ts";
import { getFlowGraph, getFlowNodes } from "#lib/queries/flow.ts";
import { route } from "../route.ts";
import { sseResponse } from "../sse.ts";
import { TOO_MANY_STREAMS } from "./shared.ts";

export const FLOW_ROUTES = {
  "GET /api/flow": route({
    summary: "The flow graph, live or as it was",
    role: "viewer",
    query: FlowQuery,
    answer: FlowGraphView,
    handle: ({ queries }, { query }) => getFlowGraph(queries, query),
  }),
  "GET /api/flow/nodes": route({
    summary: "The nodes of the flow graph as a list, by name, those in trouble first",
    role: "viewer",
    query: FlowNodesQuery,
    answer: FlowNodesView,
    handle: ({ queries }, { query }) => getFlowNodes(queries, query),
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
    handle: async ({ liveFeed, streams }, { query: { flow, ...filter }, request, identity }) => {
      const leave = streams.take(identity);
      const mailbox = leave === null ? null : liveFeed.subscribe(flow === "1" ? filter : null, identity?.name ?? "");
      if (leave === null || mailbox === null) {
        leave?.();
        return err(TOO_MANY_STREAMS);
      }
      return sseResponse(mailbox, { signal: request.signal, onEnd: leave });
    },
  }),
} as const;
