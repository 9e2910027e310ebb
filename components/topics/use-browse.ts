"use client";
import { useQuery } from "@tanstack/react-query";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { MessagesView } from "#lib/contracts/topics.ts";
import type { Position } from "./use-position.ts";

const PAGE_MESSAGES = 100;

/** A page of messages from an offset or a time; without either, the newest. */
export function useBrowse(
  cluster: string,
  topic: string,
  position: Pick<Position, "partition" | "offset" | "since">,
  enabled: boolean,
) {
  const since = new Date(position.since);
  const params = {
    partition: position.partition,
    offset: position.offset,
    at: Number.isNaN(since.getTime()) ? null : since.toISOString(),
    limit: PAGE_MESSAGES,
  };
  return useQuery({
    queryKey: keys.messages.list(cluster, topic, params),
    queryFn: ({ signal }) => fetchJson(api.messages(cluster, topic, params), MessagesView, { signal }),
    enabled,
  });
}
