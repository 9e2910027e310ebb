"use client";
import { useQuery } from "@tanstack/react-query";
import { Logs } from "lucide-react";
import Link from "next/link";
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
import { api, pages } from "#lib/client/routes.ts";
import { TopicsView } from "#lib/contracts/topics.ts";
import { TOPIC_ROLES } from "#lib/domain/flow/rows.ts";
import { SORTS, TOPICS_PARSERS } from "./topics-query.ts";
import { TopicsTable } from "./topics-table.tsx";

const ROLE_LABEL = { event: "Events", retry: "Retry", dead_letter: "Dead letters", internal: "Internal" } as const;
const SORT_LABEL = { rate: "Busiest first", name: "By name", size: "Largest first" } as const;
const REFRESH_MS = 5000;

export function TopicsList() {
  const [filter, setFilter] = useQueryStates(TOPICS_PARSERS);
  const query = useQuery({
    queryKey: keys.topics.list(filter),
    queryFn: ({ signal }) => fetchJson(api.topics(filter), TopicsView, { signal }),
    refetchInterval: REFRESH_MS,
  });
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered = filter.q !== "" || filter.role !== null;
  return (
    <Page title="Topics">
      <FilterBar>
        <FilterInput
          main
          className="w-full sm:w-64"
          aria-label="Filter by topic name"
          placeholder="Filter topics…"
          value={filter.q}
          onSettle={(q) => narrow({ q })}
        />
        <Select
          aria-label="Role"
          value={filter.role ?? "any"}
          onValueChange={(role) => narrow({ role: role === "any" ? null : role })}
          options={[
            { value: "any" as const, label: "All roles" },
            ...TOPIC_ROLES.map((role) => ({ value: role, label: ROLE_LABEL[role] })),
          ]}
        />
        <Select
          aria-label="Order"
          value={filter.sort}
          onValueChange={(sort) => narrow({ sort })}
          options={SORTS.map((sort) => ({ value: sort, label: SORT_LABEL[sort] }))}
        />
      </FilterBar>
      <Loaded query={query} what="The topics">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState icon={Logs} title={filtered ? "No topic matches the filters" : "No topics yet"}>
                {filtered ? (
                  "Change or clear the filters."
                ) : (
                  <>
                    Topics appear within ten seconds of their creation. If one is missing, check the include and exclude
                    patterns in the configuration; see{" "}
                    <Link className="text-acc underline underline-offset-2" href={pages.settings()}>
                      Settings
                    </Link>
                    .
                  </>
                )}
              </EmptyState>
            ) : (
              <>
                <TopicsTable rows={view.items} />
                <Pager
                  noun="topics"
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
