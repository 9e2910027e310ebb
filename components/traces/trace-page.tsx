"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { curl } from "#components/page/commands.ts";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fullUrl } from "#lib/client/base-path.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { TraceView } from "#lib/contracts/traces.ts";
import { TraceEvents } from "./trace-events.tsx";
import { ReplayTrace } from "./replay-trace.tsx";
import { TracePart } from "./trace-part.tsx";
import { Undeclared } from "./undeclared.tsx";
import { TraceTitle, TraceTags } from "./trace-heading.tsx";

const REFRESH_MS = 5000;
/** For this long after its last event a trace can still get new events and outcomes. */
const SETTLED_MS = 120_000;

export function TracePage({ traceId }: { readonly traceId: string }) {
  const [chosen, choose] = useQueryState("event", parseAsString);
  const [around, setAround] = useQueryState("around", parseAsString);
  const query = useQuery({
    queryKey: keys.traces.one(traceId, around),
    queryFn: ({ signal }) => fetchJson(api.trace(traceId, { around }), TraceView, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data !== undefined && Date.now() - Date.parse(state.data.lastAt) < SETTLED_MS ? REFRESH_MS : false,
  });
  return (
    <Page
      title={<TraceTitle view={query.data} />}
      tags={query.data && <TraceTags view={query.data} />}
      actions={
        <>
          {query.data !== undefined && <ReplayTrace view={query.data} />}
          <CopyButton label="Copy trace ID" value={traceId} />
          <CopyButton className="max-sm:hidden" label="curl" value={() => curl(fullUrl(api.trace(traceId)))} />
        </>
      }
    >
      <Loaded
        query={query}
        what="The trace"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-64" />
            <Skeleton className="h-80" />
          </div>
        }
      >
        {(view) => (
          <>
            <TracePart view={view} chosen={chosen} around={around} setAround={(id) => void setAround(id)} />
            <Undeclared of={view.undeclared} />
            <TraceEvents view={view} chosen={chosen} choose={(id) => void choose(id)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
