"use client";
import { useQuery } from "@tanstack/react-query";
import { ListTree } from "lucide-react";
import { parseAsInteger, parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { FilterInput } from "#components/page/filter-input.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { Pager } from "#components/page/pager.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { Page } from "#components/shell/page.tsx";
import { useAt } from "#components/time/time-window.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { durationMs } from "#components/ui/format.ts";
import { Select } from "#components/ui/select.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { TracesView } from "#lib/contracts/traces.ts";
import { TracesTable } from "./traces-table.tsx";

const REFRESH_MS = 5000;
const NO_TRACES =
  "Events with the same trace ID form a trace. Flowtap reads the ID from headers: " +
  "traceparent, B3, CloudEvents and a dozen others.";
const DURATIONS_MS = [100, 500, 1000, 5000, 30_000, 300_000] as const;

export function TracesList() {
  const [at] = useAt();
  const [filter, setFilter] = useQueryStates({
    service: parseAsString.withDefault(""),
    topic: parseAsString.withDefault(""),
    type: parseAsString.withDefault(""),
    errors: parseAsStringLiteral(["only"]),
    minDurationMs: parseAsInteger,
    from: parseAsIsoDateTime,
    to: parseAsIsoDateTime,
    cursor: parseAsString,
  });
  const params = { ...filter, from: filter.from?.toISOString(), to: (filter.to ?? at)?.toISOString() };
  const live = params.to === undefined && filter.cursor === null;
  const query = useQuery({
    queryKey: keys.traces.list(params),
    queryFn: ({ signal }) => fetchJson(api.traces(params), TracesView, { signal }),
    refetchInterval: live ? REFRESH_MS : false,
  });
  const narrow = (change: Partial<typeof filter>) => void setFilter({ ...change, cursor: null });
  const filtered =
    filter.service !== "" ||
    filter.topic !== "" ||
    filter.type !== "" ||
    filter.errors !== null ||
    filter.minDurationMs !== null ||
    filter.from !== null;
  return (
    <Page title="Traces">
      <FilterBar>
        <FilterInput
          main
          className="w-full sm:w-52"
          aria-label="Filter by service"
          placeholder="Service"
          value={filter.service}
          onSettle={(service) => narrow({ service })}
        />
        <FilterInput
          className="w-[calc(50%-0.25rem)] sm:w-44"
          aria-label="Filter by topic"
          placeholder="Topic"
          value={filter.topic}
          onSettle={(topic) => narrow({ topic })}
        />
        <FilterInput
          className="w-[calc(50%-0.25rem)] sm:w-44"
          aria-label="Filter by event type"
          placeholder="Event type"
          value={filter.type}
          onSettle={(type) => narrow({ type })}
        />
        <Select
          aria-label="Minimum duration"
          value={String(filter.minDurationMs ?? 0)}
          onValueChange={(ms) => narrow({ minDurationMs: ms === "0" ? null : Number(ms) })}
          options={[
            { value: "0", label: "Any duration" },
            ...[...new Set([...DURATIONS_MS, ...(filter.minDurationMs === null ? [] : [filter.minDurationMs])])]
              .toSorted((a, b) => a - b)
              .map((ms) => ({ value: String(ms), label: `≥ ${durationMs(ms)}` })),
          ]}
        />
        <Button
          aria-pressed={filter.errors !== null}
          className={filter.errors === null ? "h-8 text-mut" : "h-8 border-badline bg-badbg text-bad"}
          onClick={() => narrow({ errors: filter.errors === null ? "only" : null })}
        >
          Errors only
        </Button>
        {(filter.from !== null || filter.to !== null) && (
          <Button variant="ghost" onClick={() => narrow({ from: null, to: null })}>
            Clear time range
          </Button>
        )}
      </FilterBar>
      <Loaded query={query} what="The traces">
        {(view) => (
          <Card>
            {view.items.length === 0 ? (
              <EmptyState icon={ListTree} title={filtered ? "No trace matches the filters" : "No traces yet"}>
                {filtered ? "Change or clear the filters." : NO_TRACES}
              </EmptyState>
            ) : (
              <>
                <TracesTable rows={view.items} />
                <Pager
                  noun="traces"
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
