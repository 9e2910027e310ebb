"use client";
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FailuresView } from "#lib/contracts/failures.ts";
import { FailuresTable } from "./failures-table.tsx";

interface FailureGroupsProps {
  readonly params: NonNullable<Parameters<typeof api.failures>[0]>;
  readonly empty: { readonly title: string; readonly hint: string };
  readonly onCursor: (cursor: string | null) => void;
}
/** A page of failures as the API returns it, or why there is none. */
export function FailureGroups({ params, empty, onCursor }: FailureGroupsProps) {
  const query = useQuery({
    queryKey: keys.failures.list(params),
    queryFn: ({ signal }) => fetchJson(api.failures(params), FailuresView, { signal }),
  });
  return (
    <Loaded query={query} what="The failures">
      {(view) => (
        <Card>
          {view.items.length === 0 ? (
            <EmptyState icon={ShieldCheck} title={empty.title}>
              {empty.hint}
            </EmptyState>
          ) : (
            <>
              <FailuresTable rows={view.items} />
              <Pager
                noun="failures"
                shown={view.items.length}
                total={view.total}
                next={view.next}
                cursor={params.cursor ?? null}
                onCursor={onCursor}
              />
            </>
          )}
        </Card>
      )}
    </Loaded>
  );
}
