"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useQueryStates } from "nuqs";
import { FilterInput } from "#components/page/filter-input.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { Page } from "#components/shell/page.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Select } from "#components/ui/select.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { IncidentsView } from "#lib/contracts/incidents.ts";
import { CAUSES, CAUSE_TITLES } from "#lib/domain/health/cause.ts";
import { INCIDENTS_PARSERS } from "./incidents-query.ts";
import { IncidentsTable } from "./incidents-table.tsx";

const REFRESH_MS = 10_000;
const WHAT_IS_LISTED = "when it began, why, and when it was over";
const WHEN_LISTED = `When a group stops, falls behind or loses events, it is listed here with ${WHAT_IS_LISTED}.`;

export function IncidentsList() {
  const [filter, setFilter] = useQueryStates(INCIDENTS_PARSERS);
  const query = useQuery({
    queryKey: keys.groups.incidents(filter),
    queryFn: ({ signal }) => fetchJson(api.incidents(filter), IncidentsView, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered = filter.group !== "" || filter.cause !== null || filter.open !== null;
  return (
    <Page title="Incidents">
      <FilterBar>
        <FilterInput
          main
          className="w-full sm:w-64"
          aria-label="Only incidents of this group"
          placeholder="Group, its whole name"
          value={filter.group}
          onSettle={(group) => narrow({ group })}
        />
        <Select
          aria-label="Cause"
          value={filter.cause ?? "any"}
          onValueChange={(cause) => narrow({ cause: cause === "any" ? null : cause })}
          options={[
            { value: "any" as const, label: "Any cause" },
            ...CAUSES.map((cause) => ({ value: cause, label: CAUSE_TITLES[cause] })),
          ]}
        />
        <Select
          aria-label="Open or over"
          value={filter.open ?? "any"}
          onValueChange={(open) => narrow({ open: open === "any" ? null : open })}
          options={[
            { value: "any" as const, label: "Open and over" },
            { value: "yes" as const, label: "Open" },
            { value: "no" as const, label: "Over" },
          ]}
        />
      </FilterBar>
      <Loaded query={query} what="The incidents">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState icon={ShieldCheck} title={filtered ? "No incident matches" : "No incident yet"}>
                {filtered ? "Clear the filter, or choose any state." : WHEN_LISTED}
              </EmptyState>
            ) : (
              <>
                <IncidentsTable rows={view.items} />
                <Pager
                  noun="incidents"
                  shown={view.items.length}
                  total={view.total}
                  next={view.next}
                  cursor={filter.cursor}
                  onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
                />
              </>
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
