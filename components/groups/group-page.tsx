"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { useAt, useTimeWindow } from "#components/time/time-window.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { count, plural } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { GroupView } from "#lib/contracts/groups.ts";
import { groupQuestion } from "./asked-groups.ts";
import { curl, describeGroup } from "./commands.ts";
import { Diagnosis } from "./diagnosis.tsx";
import { GroupBanner } from "./group-banner.tsx";
import { GroupFailures } from "./group-failures.tsx";
import { GroupHistory } from "./group-history.tsx";
import { GroupReplay } from "./group-replay.tsx";
import { GroupStats } from "./group-stats.tsx";
import { HeadEvents } from "./head-events.tsx";
import { Members } from "./members.tsx";

const TABS = ["diagnosis", "events", "members", "failures", "replay", "history"] as const;
const REFRESH_MS = 5000;

export function GroupPage({ cluster, group }: { readonly cluster: string; readonly group: string }) {
  const [minutes] = useTimeWindow();
  const [at] = useAt();
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault("diagnosis"));
  const asked = groupQuestion({ minutes, at });
  const query = useQuery({
    queryKey: keys.groups.one(cluster, group, asked),
    queryFn: ({ signal }) => fetchJson(api.group(cluster, group, asked), GroupView, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: at === null ? REFRESH_MS : false,
  });
  return (
    <Page
      title={<BrokerText text={group} maxLength={80} />}
      tags={query.data && <GroupTags view={query.data} />}
      actions={
        <>
          <CopyButton className="max-sm:hidden" label="Copy as kafka-consumer-groups" value={describeGroup(group)} />
          <CopyButton className="max-sm:hidden" label="curl" value={() => curl(new URL(api.group(cluster, group, asked), globalThis.location.origin).href)} />
        </>
      }
    >
      <Loaded query={query} what="The group" skeleton={<GroupSkeleton />}>
        {(view) => (
          <>
            <GroupBanner view={view} />
            <GroupStats view={view} />
            <Tabs value={tab} onValueChange={(next) => void setTab(next as (typeof TABS)[number])}>
              <TabsList aria-label="About this group">
                <TabsTrigger value="diagnosis">Diagnosis</TabsTrigger>
                <TabsTrigger value="events">Events</TabsTrigger>
                <TabsTrigger value="members">Members</TabsTrigger>
                <TabsTrigger value="failures">Failures{view.failures.open > 0 && ` ${count(view.failures.open)}`}</TabsTrigger>
                <TabsTrigger value="replay">Replay</TabsTrigger>
                <TabsTrigger value="history">History</TabsTrigger>
              </TabsList>
              <TabsContent value="diagnosis"><Diagnosis view={view} minutes={minutes} /></TabsContent>
              <TabsContent value="events"><HeadEvents view={view} /></TabsContent>
              <TabsContent value="members"><Members view={view} /></TabsContent>
              <TabsContent value="failures"><GroupFailures cluster={cluster} group={group} /></TabsContent>
              <TabsContent value="replay"><GroupReplay view={view} /></TabsContent>
              <TabsContent value="history"><GroupHistory view={view} minutes={minutes} /></TabsContent>
            </Tabs>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const GroupTags = ({ view: { row } }: { readonly view: GroupView }) => (
  <>
    <VerdictTag verdict={row.verdict} />
    <Tag>protocol {row.protocol}</Tag>
    <Tag>{row.state}</Tag>
    <Tag tone={row.members === 0 ? "warn" : "neutral"}>{plural(row.members, "member")}</Tag>
  </>
);

const GroupSkeleton = () => (
  <div className="flex flex-col gap-3.5" role="status" aria-label="Loading">
    <Skeleton className="h-24" />
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">{Array.from({ length: 5 }, (_, i) => <Skeleton key={i} className="h-20" />)}</div>
    <Skeleton className="h-9 w-96 max-w-full" />
    <div className="grid gap-3 lg:grid-cols-2"><Skeleton className="h-44" /><Skeleton className="h-44" /></div>
    <Skeleton className="h-64" />
  </div>
);
