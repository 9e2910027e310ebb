"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { FailuresTable } from "#components/failures/failures-table.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FailuresView } from "#lib/contracts/failures.ts";

export function useGroupFailures(cluster: string, group: string) {
  const params = { cluster, group, limit: 100 };
  return useQuery({
    queryKey: keys.failures.list(params),
    queryFn: ({ signal }) => fetchJson(api.failures(params), FailuresView, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function GroupFailures({ cluster, group }: { readonly cluster: string; readonly group: string }) {
  return (
    <Loaded query={useGroupFailures(cluster, group)} what="The group’s failures">
      {(view) => (
        <Card>
          {view.items.length === 0 ? (
            <EmptyState icon={ShieldCheck} title="No failures of this group">
              When one of its members gives up on an event and dead-letters it, or publishes an error event over it,
              that is listed here, grouped by cause.
            </EmptyState>
          ) : (
            <FailuresTable rows={view.items} />
          )}
        </Card>
      )}
    </Loaded>
  );
}
