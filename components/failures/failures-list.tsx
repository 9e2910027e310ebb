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
import { HoldingEvents, HoldingNow } from "./holding-events.tsx";
import { KIND_WORDS } from "./kind-words.ts";

const KINDS = ["any", "dead_letter", "error_event", "holding"] as const;
const KIND_LABEL: Readonly<Record<(typeof KINDS)[number], string>> = {
  any: "All kinds",
  dead_letter: KIND_WORDS.dead_letter.titles,
  error_event: KIND_WORDS.error_event.titles,
  holding: "Blocking events",
};
const VIEWS = ["open", "new", "snoozed", "resolved", "any"] as const;
const VIEW_WORDS: Readonly<Record<(typeof VIEWS)[number], string>> = {
  open: "Open",
  new: "New since last deploy",
  snoozed: "Snoozed",
  resolved: "Resolved",
  any: "All",
};
const EMPTY_VIEW = {
  new: "No new failures since the last deploy",
  snoozed: "No snoozed failures",
  resolved: "No resolved failures",
} as const;
/** The API parameters of each view. */
const VIEW_QUERY = {
  open: { state: "open" },
  new: { state: "open", newSinceDeploy: "1" },
  snoozed: { state: "snoozed" },
  resolved: { state: "resolved" },
  any: {},
} as const;

const NO_DEAD_LETTERS = {
  title: "No dead letters",
  hint:
    "Events that consumers send to a dead-letter topic appear here, grouped by cause. " +
    "In the demo, switch on “failing payments” to see some.",
};
const NONE = {
  any: NO_DEAD_LETTERS,
  dead_letter: NO_DEAD_LETTERS,
  error_event: {
    title: "No error events",
    hint: "Set observe.errorEvents in the configuration, by type or topic, to see events that report an error.",
  },
};

export function FailuresList() {
  const [filter, setFilter] = useQueryStates({
    q: parseAsString.withDefault(""),
    group: parseAsString.withDefault(""),
    topic: parseAsString.withDefault(""),
    service: parseAsString.withDefault(""),
    kind: parseAsStringLiteral(KINDS).withDefault("any"),
    view: parseAsStringLiteral(VIEWS).withDefault("open"),
    cursor: parseAsString,
  });
  const { view, kind, ...named } = filter;
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered = filter.q !== "" || filter.group !== "" || filter.topic !== "" || filter.service !== "";
  return (
    <Page title="Failures">
      <FilterBar>
        {kind !== "holding" && (
          <FilterInput
            main
            className="w-full sm:w-72"
            aria-label="Filter by exception or message"
            placeholder="Exception or message…"
            value={filter.q}
            onSettle={(q) => narrow({ q })}
          />
        )}
        <FilterInput
          className="w-[calc(50%-0.25rem)] sm:w-40"
          aria-label="Filter by group"
          placeholder="Group"
          value={filter.group}
          onSettle={(group) => narrow({ group })}
        />
        {kind !== "holding" && (
          <FilterInput
            className="w-[calc(50%-0.25rem)] sm:w-40"
            aria-label="Filter by topic"
            placeholder="Topic"
            value={filter.topic}
            onSettle={(topic) => narrow({ topic })}
          />
        )}
        {kind !== "holding" && (
          <FilterInput
            className="w-[calc(50%-0.25rem)] sm:w-40"
            aria-label="Filter by service"
            placeholder="Service"
            value={filter.service}
            onSettle={(service) => narrow({ service })}
          />
        )}
        <Select
          className="max-sm:w-[calc(50%-0.25rem)]"
          aria-label="Kind"
          value={kind}
          onValueChange={(next) => narrow({ kind: next })}
          options={KINDS.map((value) => ({ value, label: KIND_LABEL[value] }))}
        />
        <Select
          className="max-sm:w-[calc(50%-0.25rem)]"
          aria-label="State"
          value={view}
          onValueChange={(next) => narrow({ view: next })}
          options={VIEWS.map((value) => ({ value, label: VIEW_WORDS[value] }))}
        />
      </FilterBar>
      {kind === "holding" ? (
        <HoldingEvents group={filter.group} which={view === "resolved" ? "over" : view === "any" ? "all" : "open"} />
      ) : (
        <>
          {!filtered && kind === "any" && (view === "open" || view === "any") && <HoldingNow />}
          <Groups
            asked={{ ...named, ...VIEW_QUERY[view], ...(kind !== "any" && { kind }) }}
            empty={
              filtered
                ? { title: "No failure matches the filters", hint: "Change or clear the filters." }
                : view === "open" || view === "any"
                  ? NONE[kind]
                  : { title: EMPTY_VIEW[view], hint: "Select another state." }
            }
            onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
          />
        </>
      )}
    </Page>
  );
}

interface GroupsProps {
  readonly asked: NonNullable<Parameters<typeof api.failures>[0]>;
  readonly empty: { readonly title: string; readonly hint: string };
  readonly onCursor: (cursor: string | null) => void;
}
function Groups({ asked, empty, onCursor }: GroupsProps) {
  const query = useQuery({
    queryKey: keys.failures.list(asked),
    queryFn: ({ signal }) => fetchJson(api.failures(asked), FailuresView, { signal }),
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
                cursor={asked.cursor ?? null}
                onCursor={onCursor}
              />
            </>
          )}
        </Card>
      )}
    </Loaded>
  );
}
