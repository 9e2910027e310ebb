"use client";
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
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
import { FailuresView } from "#lib/contracts/failures.ts";
import { FailuresTable } from "./failures-table.tsx";
import { HoldingEvents } from "./holding-events.tsx";

const VIEWS = ["open", "new", "snoozed", "resolved", "any"] as const;
const VIEW_WORDS: Readonly<Record<(typeof VIEWS)[number], string>> = { open: "Open", new: "New since the last deploy", snoozed: "Snoozed", resolved: "Resolved", any: "All of them" };
/** What a view asks the API for. */
const ASKED = { open: { state: "open" }, new: { state: "open", newSinceDeploy: "1" }, snoozed: { state: "snoozed" }, resolved: { state: "resolved" }, any: {} } as const;

export function FailuresList() {
  const [filter, setFilter] = useQueryStates({
    q: parseAsString.withDefault(""),
    group: parseAsString.withDefault(""),
    topic: parseAsString.withDefault(""),
    service: parseAsString.withDefault(""),
    view: parseAsStringLiteral(VIEWS).withDefault("open"),
    cursor: parseAsString,
  });
  const { view: chosen, ...named } = filter;
  const asked = { ...named, ...ASKED[chosen] };
  const query = useQuery({ queryKey: keys.failures.list(asked), queryFn: ({ signal }) => fetchJson(api.failures(asked), FailuresView, { signal }) });
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered = filter.q !== "" || filter.group !== "" || filter.topic !== "" || filter.service !== "";
  return (
    <Page title="Failures">
      <FilterBar>
        <FilterInput main className="w-full sm:w-72" aria-label="Filter by exception or message" placeholder="Exception or message…" value={filter.q} onSettle={(q) => narrow({ q })} />
        <FilterInput className="w-[calc(50%-0.25rem)] sm:w-40" aria-label="Only of this group" placeholder="Group" value={filter.group} onSettle={(group) => narrow({ group })} />
        <FilterInput className="w-[calc(50%-0.25rem)] sm:w-40" aria-label="Only of this topic" placeholder="Topic" value={filter.topic} onSettle={(topic) => narrow({ topic })} />
        <FilterInput className="w-[calc(50%-0.25rem)] sm:w-40" aria-label="Only of this service" placeholder="Service" value={filter.service} onSettle={(service) => narrow({ service })} />
        <Select aria-label="Which failures" value={chosen} onValueChange={(view) => narrow({ view })} options={VIEWS.map((value) => ({ value, label: VIEW_WORDS[value] }))} />
      </FilterBar>
      {!filtered && (chosen === "open" || chosen === "any") && <HoldingEvents />}
      <Loaded query={query} what="The failures">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState icon={ShieldCheck} title={filtered ? "No failure is like that" : chosen === "open" || chosen === "any" ? "No dead letters" : `None is ${chosen}`}>
                {filtered ? "Loosen the filter." : chosen !== "open" && chosen !== "any" ? "Look at all of them." : "Events that a consumer gave up on stand here, grouped by what went wrong, as soon as they reach a dead-letter topic. In the demo, turn on “failing payments” to see some."}
              </EmptyState>
            ) : (
              <>
                <FailuresTable rows={view.items} />
                <Pager noun="failures" shown={view.items.length} total={view.total} next={view.next} cursor={filter.cursor} onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })} />
              </>
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
