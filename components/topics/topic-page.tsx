"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { kcatTail } from "#components/page/commands.ts";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { useSystem } from "#components/shell/use-system.ts";
import { useAt, useTimeWindow } from "#components/time/time-window.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { plural } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { TopicView } from "#lib/contracts/topics.ts";
import { TopicMessages } from "./topic-messages.tsx";
import { TopicOverview } from "./topic-overview.tsx";
import { TopicReading } from "./topic-reading.tsx";
import { RoleTag } from "./topic-words.tsx";

const TABS = ["overview", "messages"] as const;
const REFRESH_MS = 5000;

export function TopicPage({ cluster, topic }: { readonly cluster: string; readonly topic: string }) {
  const [minutes] = useTimeWindow();
  const [at] = useAt();
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault("overview"));
  const params = { minutes, at: at?.toISOString() };
  const query = useQuery({
    queryKey: keys.topics.one(cluster, topic, params),
    queryFn: ({ signal }) => fetchJson(api.topic(cluster, topic, params), TopicView, { signal }),
    refetchInterval: at === null ? REFRESH_MS : false,
  });
  const row = query.data?.row;
  const system = useSystem(cluster);
  return (
    <Page
      title={<BrokerText text={topic} maxLength={80} />}
      tags={
        row && (
          <>
            <RoleTag role={row.role} />
            {system === "kafka" && <Tag>{plural(row.partitions, "partition")}</Tag>}
            {row.cleanupPolicy !== null && <Tag>{row.cleanupPolicy}</Tag>}
            {(query.data?.faults.length ?? 0) > 0 && <Tag tone="bad">NOT FULLY READ</Tag>}
            {query.data?.goneAt && <Tag tone="warn">GONE</Tag>}
            {!row.tapped && <Tag tone="warn">NOT TAPPED</Tag>}
          </>
        )
      }
      actions={system === "kafka" && <CopyButton label="Copy as kcat" value={kcatTail(topic)} />}
    >
      <Loaded
        query={query}
        what="The topic"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-20" />
            <Skeleton className="h-64" />
            <Skeleton className="h-64" />
          </div>
        }
      >
        {(view) => (
          <Tabs value={tab} onValueChange={(next) => void setTab(next as (typeof TABS)[number])}>
            <TabsList aria-label="Topic">
              <TabsTrigger value="overview">Overview</TabsTrigger>
              <TabsTrigger value="messages">Messages</TabsTrigger>
            </TabsList>
            <TabsContent value="overview">
              <TopicReading view={view} />
              <TopicOverview view={view} minutes={minutes} />
            </TabsContent>
            <TabsContent value="messages">
              <TopicMessages view={view} />
            </TabsContent>
          </Tabs>
        )}
      </Loaded>
    </Page>
  );
}
