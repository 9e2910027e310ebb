"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { FilterInput } from "#components/page/filter-input.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { Page } from "#components/shell/page.tsx";
import { Select } from "#components/ui/select.tsx";
import { HoldingEvents, HoldingNow } from "./holding-events.tsx";
import { FailureGroups } from "./failure-groups.tsx";
import { KINDS, KIND_LABEL, VIEWS, VIEW_WORDS, EMPTY_VIEW, VIEW_QUERY, EMPTY_KIND } from "./failures-filter.ts";

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
          <FailureGroups
            params={{ ...named, ...VIEW_QUERY[view], ...(kind !== "any" && { kind }) }}
            empty={
              filtered
                ? { title: "No failure matches the filters", hint: "Change or clear the filters." }
                : view === "open" || view === "any"
                  ? EMPTY_KIND[kind]
                  : { title: EMPTY_VIEW[view], hint: "Select another state." }
            }
            onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
          />
        </>
      )}
    </Page>
  );
}
