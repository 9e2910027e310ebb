"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FlaskConical, RefreshCw } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useState } from "react";
import { curl } from "#components/page/commands.ts";
import { Loaded } from "#components/page/loaded.tsx";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fullUrl } from "#lib/client/base-path.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { EntityTopicsView, EntityView } from "#lib/contracts/entities.ts";
import { EntityFilter } from "./entity-filter.tsx";
import { EntityTags } from "./entity-tags.tsx";
import { EntityEvents } from "./entity-events.tsx";

const EVENTS_AT_ONCE = 50;
const MERGES = ["auto", "snapshot", "merge_patch"] as const;

/** All events of one key in order, and the state after each of them. */
export function EntityPage({ entityKey }: { readonly entityKey: string }) {
  const [{ cluster, topics, merge, event }, set] = useQueryStates({
    cluster: parseAsString,
    topics: parseAsString,
    merge: parseAsStringLiteral(MERGES).withDefault("auto"),
    event: parseAsString,
  });
  // The loaded page of events is the one with this event. It changes when an event of another page is selected.
  const [anchor, setAnchor] = useState(event);
  const params = { cluster, topics, merge, event: anchor, limit: EVENTS_AT_ONCE };
  const known = useQuery({
    queryKey: keys.entities.topics(entityKey),
    queryFn: ({ signal }) => fetchJson(api.entityTopics(entityKey), EntityTopicsView, { signal }),
  });
  const query = useQuery({
    queryKey: keys.entities.one(entityKey, params),
    queryFn: ({ signal }) => fetchJson(api.entity(entityKey, params), EntityView, { signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });
  const [replaying, setReplaying] = useState(false);
  const choose = useCallback((id: string) => void set({ event: id }), [set]);
  const view = query.data;
  const isHere =
    view !== undefined &&
    (event === null || view.steps.some((step) => step.id === event) || !view.timeline.some((one) => one.id === event));
  if (view !== undefined && !query.isPlaceholderData && !isHere && anchor !== event) setAnchor(event);
  return (
    <Page
      title={<BrokerText text={entityKey} maxLength={80} />}
      tags={view && <EntityTags view={view} />}
      actions={
        <>
          {view && (
            <span className="text-xs text-dim">
              loaded <RelativeTime at={view.readAt} />
            </span>
          )}
          <Button
            variant="outline"
            disabled={query.isFetching}
            onClick={() => void Promise.all([query.refetch(), known.refetch()])}
          >
            <RefreshCw className={cn(query.isFetching && "animate-spin")} /> Refresh
          </Button>
          {view && (
            <Button onClick={() => setReplaying(true)}>
              <FlaskConical /> Replay into a sandbox…
            </Button>
          )}
          <CopyButton
            label="curl"
            className="max-sm:hidden"
            value={() => curl(fullUrl(api.entity(entityKey, { cluster, topics, merge })))}
          />
        </>
      }
    >
      {view && (
        <RedriveDialog
          selection={
            replaying
              ? {
                  select: { by: "key", cluster: view.cluster, key: entityKey, topics: view.topics.slice(0, 100) },
                  items: view.earlierLeftOut ? null : view.timeline.length,
                  begin: { goesTo: "sandbox" },
                }
              : null
          }
          onClose={() => setReplaying(false)}
          groups={[]}
        />
      )}
      <Loaded
        query={query}
        what="The entity"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-9" />
            <Skeleton className="h-12" />
            <Skeleton className="h-96" />
          </div>
        }
      >
        {(loaded) => (
          <>
            <EntityFilter
              known={known.data}
              view={loaded}
              merge={merge}
              onChange={(change) => void set(change, { history: "push" })}
            />
            <EntityEvents view={loaded} chosen={event} onChoose={choose} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
