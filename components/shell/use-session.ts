"use client";
import { useQuery } from "@tanstack/react-query";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { SessionView } from "#lib/contracts/session.ts";

/** Who is signed in, with which role; undefined until known. */
export function useSession(): SessionView | undefined {
  return useQuery({
    queryKey: keys.session(),
    queryFn: ({ signal }) => fetchJson(api.session(), SessionView, { signal }),
    staleTime: 300_000,
  }).data;
}
