"use client";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import Link from "next/link";
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
import { api, pages } from "#lib/client/routes.ts";
import { ReplaysView } from "#lib/contracts/replays.ts";
import { REPLAY_STATUSES } from "#lib/domain/replay/run.ts";
import { STATUS_BADGE } from "./replay-words.ts";
import { ReplaysTable } from "./replays-table.tsx";

export function ReplaysList() {
  const [filter, setFilter] = useQueryStates({
    group: parseAsString.withDefault(""),
    status: parseAsStringLiteral(REPLAY_STATUSES),
    cursor: parseAsString,
  });
  const query = useQuery({
    queryKey: keys.replays.list(filter),
    queryFn: ({ signal }) => fetchJson(api.replays(filter), ReplaysView, { signal }),
  });
  const filtered = filter.group !== "" || filter.status !== null;
  return (
    <Page title="Replays">
      <FilterBar>
        <FilterInput
          main
          className="w-full sm:w-64"
          aria-label="Filter by group"
          placeholder="Group"
          value={filter.group}
          onSettle={(group) => void setFilter({ group, cursor: null })}
        />
        <Select
          aria-label="Status"
          value={filter.status ?? "any"}
          onValueChange={(status) => void setFilter({ status: status === "any" ? null : status, cursor: null })}
          options={[
            { value: "any" as const, label: "Any status" },
            ...REPLAY_STATUSES.map((status) => ({
              value: status,
              label: STATUS_BADGE[status].word.toLowerCase(),
            })),
          ]}
        />
      </FilterBar>
      <Loaded query={query} what="The replays">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState
                icon={RotateCcw}
                title={filtered ? "No replay matches the filters" : "Nothing was replayed yet"}
              >
                {filtered ? (
                  "Change or clear the filters."
                ) : (
                  <>
                    Open{" "}
                    <Link className="text-acc underline underline-offset-2" href={pages.failures()}>
                      a failure
                    </Link>{" "}
                    and choose Replay to send dead letters again, or reset an empty group’s offsets on its Replay tab.
                    You see who receives what before anything is sent.
                  </>
                )}
              </EmptyState>
            ) : (
              <>
                <ReplaysTable rows={view.items} />
                <Pager
                  noun="replays"
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
