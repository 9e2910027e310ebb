"use client";
import { useQuery } from "@tanstack/react-query";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { GroupsView } from "#lib/contracts/groups.ts";

const REFRESH_MS = 5000;

/** How the group stands now, for somebody who looks at its past: the first thing to know behind an alert's link. */
export function VerdictNow({ cluster, group }: { readonly cluster: string; readonly group: string }) {
  const params = { cluster, q: group, sort: "name" } as const;
  const { data } = useQuery({
    queryKey: keys.groups.list(params),
    queryFn: ({ signal }) => fetchJson(api.groups(params), GroupsView, { signal }),
    refetchInterval: REFRESH_MS,
  });
  const row = data?.items.find((one) => one.cluster === cluster && one.group === group);
  if (row === undefined) return null;
  return (
    <span className="inline-flex items-center gap-1.5 text-mut">
      Now <VerdictTag verdict={row.verdict} />
      {row.verdictSince !== null && (
        <>
          for <RelativeTime at={row.verdictSince} suffix="" />
        </>
      )}
    </span>
  );
}
