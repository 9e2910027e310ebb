"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { FlowFilter } from "#components/shell/live-store.ts";
import { useFlowFrames, useLive } from "#components/shell/live.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FlowGraphView } from "#lib/contracts/flow.ts";
import { questionOf } from "./flow-question.ts";

const POLL_MS = 3000;

/**
 * The graph: live from the event stream, polled while the stream is down, or as it was at `at`. One that is not drawn
 * is asked for once: the filters are of it.
 */
export function useFlowGraph(filter: FlowFilter, at: Date | null, isDrawn: boolean) {
  const client = useQueryClient();
  const { connection } = useLive();
  const question = questionOf(filter, at);
  const text = JSON.stringify(question);
  const onFrame = useCallback(
    (graph: FlowGraphView) => client.setQueryData(keys.flow.graph(JSON.parse(text) as FlowFilter), graph),
    [client, text],
  );
  useFlowFrames(filter, at === null && isDrawn, onFrame);
  return useQuery({
    queryKey: keys.flow.graph(question),
    queryFn: ({ signal }) => fetchJson(api.flow(question), FlowGraphView, { signal }),
    // Data rendered by the server is as fresh as a new request.
    staleTime: at ? 60_000 : POLL_MS,
    refetchInterval: at === null && isDrawn && connection !== "open" ? POLL_MS : false,
  });
}
