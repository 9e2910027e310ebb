"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useQueryStates } from "nuqs";
import { FilterInput } from "#components/page/filter-input.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { Pager } from "#components/page/pager.tsx";
import { SavedViews } from "#components/page/saved-views.tsx";
import { usePulse } from "#components/shell/live.tsx";
import { Page } from "#components/shell/page.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count } from "#components/ui/format.ts";
import { Select } from "#components/ui/select.tsx";
import { VERDICT_BADGE } from "#components/ui/state-tag.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { Verdict } from "#lib/contracts/common.ts";
import { GroupsView } from "#lib/contracts/groups.ts";
import { CAUSES, CAUSE_TITLES } from "#lib/domain/health/cause.ts";
import { FILTER_NAMES, GROUPS_PARSERS, SORTS, STATES } from "./groups-query.ts";
import { GroupsTable } from "./groups-table.tsx";

/** From harmless to worst; unknown comes last. */
const SHOWN_VERDICTS = Verdict.options.toSorted((a, b) => Number(a === "unknown") - Number(b === "unknown"));

// No cluster can have this name: Select knows no empty value.
const ANY = "*any*";
const SORT_LABEL = { severity: "Worst first", lag: "Most lag", timeLag: "Longest time lag", name: "By name" } as const;
const REFRESH_MS = 5000;
const HOW_GROUPS_APPEAR = [
  "A group appears within ten seconds of its first commit to a topic Flowtap taps.",
  "Start a consumer with a group ID and it will stand here.",
].join(" ");

export function GroupsList() {
  const [filter, setFilter] = useQueryStates(GROUPS_PARSERS);
  const query = useQuery({
    queryKey: keys.groups.list(filter),
    queryFn: ({ signal }) => fetchJson(api.groups(filter), GroupsView, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered = FILTER_NAMES.some((name) => name !== "sort" && filter[name] !== "" && filter[name] !== null);
  const clusters = usePulse()?.clusters ?? [];

  return (
    <Page title="Consumer groups" tags={query.data && <Counts counts={query.data.counts} />}>
      <FilterBar>
        <FilterInput
          main
          className="w-[calc(50%-0.25rem)] sm:w-auto sm:flex-[2_1_13rem]"
          aria-label="Filter by group name"
          placeholder="Filter groups…"
          value={filter.q}
          onSettle={(q) => narrow({ q })}
        />
        <FilterInput
          className="w-[calc(50%-0.25rem)] sm:w-auto sm:flex-[1_1_9rem]"
          aria-label="Only groups of this topic"
          placeholder="Topic"
          value={filter.topic}
          onSettle={(topic) => narrow({ topic })}
        />
        <FilterInput
          className="w-[calc(50%-0.25rem)] sm:w-auto sm:flex-[1_1_9rem]"
          aria-label="Only groups of this service"
          placeholder="Service"
          value={filter.service}
          onSettle={(service) => narrow({ service })}
        />
        {(clusters.length > 1 || filter.cluster !== "") && (
          <Select
            aria-label="Cluster"
            value={filter.cluster === "" ? ANY : filter.cluster}
            onValueChange={(cluster) => narrow({ cluster: cluster === ANY ? "" : cluster })}
            options={[
              { value: ANY, label: "Any cluster" },
              ...[
                ...new Set([...clusters.map(({ name }) => name), ...(filter.cluster === "" ? [] : [filter.cluster])]),
              ].map((name) => ({ value: name, label: name })),
            ]}
          />
        )}
        <Select
          aria-label="Verdict"
          value={filter.verdict ?? "any"}
          onValueChange={(verdict) => narrow({ verdict: verdict === "any" ? null : verdict })}
          options={[
            { value: "any" as const, label: "Any verdict" },
            ...SHOWN_VERDICTS.map((verdict) => ({ value: verdict, label: VERDICT_BADGE[verdict].word })),
          ]}
        />
        <Select
          aria-label="Cause"
          value={filter.cause ?? ANY}
          onValueChange={(cause) => narrow({ cause: cause === ANY ? null : cause })}
          options={[
            { value: ANY, label: "Any cause" },
            ...CAUSES.map((cause) => ({ value: cause, label: CAUSE_TITLES[cause] })),
          ]}
        />
        <Select
          aria-label="State"
          value={filter.state ?? ANY}
          onValueChange={(state) => narrow({ state: state === ANY ? null : state })}
          options={[{ value: ANY, label: "Any state" }, ...STATES.map((state) => ({ value: state, label: state }))]}
        />
        <Select
          aria-label="Order"
          value={filter.sort}
          onValueChange={(sort) => narrow({ sort })}
          options={SORTS.map((sort) => ({ value: sort, label: SORT_LABEL[sort] }))}
        />
        <SavedViews page="groups" parameters={FILTER_NAMES} />
      </FilterBar>
      <Loaded query={query} what="The groups">
        {(view) =>
          view.items.length === 0 ? (
            <Card>
              <EmptyState icon={Users} title={filtered ? "No group matches" : "No consumer group yet"}>
                {filtered ? "Loosen the filter, or ask for any verdict and cause." : HOW_GROUPS_APPEAR}
              </EmptyState>
            </Card>
          ) : (
            <Card>
              <GroupsTable rows={view.items} />
              <Pager
                noun="groups"
                shown={view.items.length}
                total={view.total}
                next={view.next}
                cursor={filter.cursor}
                onCursor={(cursor) => void setFilter({ cursor }, { history: "push" })}
              />
            </Card>
          )
        }
      </Loaded>
      {query.data !== undefined && query.data.leftOut.length > 0 && (
        <p className="px-1 text-xs text-mut">
          Left out by the configuration: <span className="font-mono">{query.data.leftOut.join(", ")}</span>
        </p>
      )}
    </Page>
  );
}

function Counts({ counts }: { readonly counts: GroupsView["counts"] }) {
  return (
    <>
      {counts.stuck > 0 && <Tag tone="bad">{count(counts.stuck)} STUCK</Tag>}
      {counts.warning > 0 && <Tag tone="warn">{count(counts.warning)} LAGGING</Tag>}
      {counts.ok > 0 && <Tag>{count(counts.ok)} OK</Tag>}
      {counts.unknown > 0 && <Tag>{count(counts.unknown)} UNKNOWN</Tag>}
    </>
  );
}
