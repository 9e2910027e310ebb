"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { GroupSilence } from "#components/alerts/group-silence.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { useHotkeys } from "#components/shell/use-hotkeys.ts";
import { PastBar } from "#components/time/past-bar.tsx";
import { TimeRail } from "#components/time/rail.tsx";
import { useAt, useTimeWindow } from "#components/time/time-window.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { count, plural } from "#components/ui/format.ts";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { GroupView } from "#lib/contracts/groups.ts";
import { groupQuestion } from "./groups-query.ts";
import { describeGroup, listQueue } from "#components/page/commands.ts";
import { CopyMenu } from "./copy-menu.tsx";
import { Diagnosis } from "./diagnosis.tsx";
import { GroupBanner } from "./group-banner.tsx";
import { GroupFailures } from "./group-failures.tsx";
import { GroupHistory } from "./group-history.tsx";
import { GroupReplay } from "./group-replay.tsx";
import { GroupStats } from "./group-stats.tsx";
import { HeadEvents } from "./head-events.tsx";
import { Members } from "./members.tsx";
import { VerdictNow } from "./verdict-now.tsx";
import { GroupSkeleton } from "./group-skeleton.tsx";

const TABS = ["diagnosis", "events", "members", "failures", "replay", "history"] as const;
const REFRESH_MS = 5000;

export function GroupPage({ cluster, group }: { readonly cluster: string; readonly group: string }) {
  const [minutes] = useTimeWindow();
  const [at, setAt] = useAt();
  useHotkeys({ " ": () => setAt(at ? null : new Date()) });
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault("diagnosis"));
  const params = groupQuestion({ minutes, at });
  const query = useQuery({
    queryKey: keys.groups.one(cluster, group, params),
    queryFn: ({ signal }) => fetchJson(api.group(cluster, group, params), GroupView, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: at === null ? REFRESH_MS : false,
  });
  const report = query.data?.incidents[0];
  return (
    <div className="flex min-h-full flex-col">
      <Page
        className="flex-1"
        title={<BrokerText text={group} maxLength={80} />}
        tags={query.data && <GroupTags view={query.data} />}
        actions={
          <>
            {query.data && (
              <CopyButton
                className="max-xl:hidden"
                label={isQueue(query.data) ? "Copy as rabbitmqctl" : "Copy as kafka-consumer-groups"}
                value={isQueue(query.data) ? listQueue(group) : describeGroup(group)}
              />
            )}
            <CopyMenu cluster={cluster} group={group} view={query.data} params={params} />
            {report !== undefined && (
              <Button asChild>
                <Link href={pages.incident(report.id)}>
                  <FileText /> Report
                </Link>
              </Button>
            )}
            <GroupSilence
              cluster={cluster}
              group={group}
              trouble={query.data?.row.cause?.title ?? query.data?.row.reason ?? null}
            />
          </>
        }
      >
        <Loaded query={query} what="The group" skeleton={<GroupSkeleton />}>
          {(view) => (
            <>
              {view.at !== null && (
                <PastBar at={view.at} missing={view.missing}>
                  <VerdictNow cluster={cluster} group={group} />
                </PastBar>
              )}
              <GroupBanner view={view} />
              <GroupStats view={view} />
              <Tabs value={tab} onValueChange={(next) => void setTab(next as (typeof TABS)[number])}>
                <TabsList aria-label="About this group">
                  <TabsTrigger value="diagnosis">Diagnosis</TabsTrigger>
                  {!isQueue(view) && <TabsTrigger value="events">Events</TabsTrigger>}
                  <TabsTrigger value="members">Members</TabsTrigger>
                  <TabsTrigger value="failures">
                    Failures{view.failures.open > 0 && ` ${count(view.failures.open)}`}
                  </TabsTrigger>
                  {!isQueue(view) && <TabsTrigger value="replay">Replay</TabsTrigger>}
                  <TabsTrigger value="history">History</TabsTrigger>
                </TabsList>
                <TabsContent value="diagnosis">
                  <Diagnosis view={view} minutes={minutes} />
                </TabsContent>
                <TabsContent value="events">
                  <HeadEvents view={view} />
                </TabsContent>
                <TabsContent value="members">
                  <Members view={view} />
                </TabsContent>
                <TabsContent value="failures">
                  <GroupFailures cluster={cluster} group={group} />
                </TabsContent>
                <TabsContent value="replay">
                  <GroupReplay view={view} />
                </TabsContent>
                <TabsContent value="history">
                  <GroupHistory view={view} minutes={minutes} />
                </TabsContent>
              </Tabs>
            </>
          )}
        </Loaded>
      </Page>
      {/* The same rail as under the graph: dragging it shows the group as it was. */}
      <div className="sticky bottom-0 z-10 max-sm:hidden print:hidden">
        <TimeRail cluster={cluster} />
      </div>
    </div>
  );
}

/** The consumers of a queue: the broker hands each message to one of them, and only says how many wait. */
const isQueue = ({ row }: GroupView): boolean => row.protocol === "queue";

const GroupTags = ({ view: { row } }: { readonly view: GroupView }) => (
  <>
    <VerdictTag verdict={row.verdict} />
    <Tag>{row.protocol === "queue" ? "queue" : `protocol ${row.protocol}`}</Tag>
    <Tag>{row.state}</Tag>
    <Tag tone={row.members === 0 ? "warn" : "neutral"}>{plural(row.members, "member")}</Tag>
  </>
);
