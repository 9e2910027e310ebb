"use client";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import type { ChartSeries } from "#components/charts/series.ts";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { MessageCard } from "#components/messages/message-card.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { RedriveDialog, type RedriveSelection } from "#components/replays/redrive-dialog.tsx";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { compact, count, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { FailureGroupView, type FailureGroupRow, type FailureRow } from "#lib/contracts/failures.ts";
import { TriageLine, TriageMenu, TriageTags, NotesCard } from "./failure-triage.tsx";
import { FailureEvents } from "./failure-events.tsx";
import { FailureFates, FailureSpread } from "./failure-spread.tsx";
import { Names } from "#components/page/names.tsx";
import { KIND_WORDS } from "./kind-words.ts";
import { StackTrace } from "./stack-trace.tsx";

const PAGE_ITEMS = 50;
const STATUSES = ["open", "replaying", "resolved"] as const;
const seriesOf = (kind: FailureGroupRow["kind"]): readonly ChartSeries[] => [
  { key: "events", label: KIND_WORDS[kind].many, color: "var(--bad-strong)", kind: "bar" },
];

export function FailurePage({ fingerprint }: { readonly fingerprint: string }) {
  const [state, setState] = useQueryStates({
    status: parseAsStringLiteral(STATUSES),
    cursor: parseAsString,
    event: parseAsString,
  });
  const [selection, setSelection] = useState<RedriveSelection | null>(null);
  const asked = { limit: PAGE_ITEMS, status: state.status, cursor: state.cursor };
  const query = useQuery({
    queryKey: keys.failures.one(fingerprint, asked),
    queryFn: ({ signal }) => fetchJson(api.failure(fingerprint, asked), FailureGroupView, { signal }),
  });
  const row = query.data?.row;
  return (
    <Page
      title={row === undefined ? "Failure" : <BrokerText text={row.title} maxLength={160} />}
      tags={
        row && (
          <>
            <Tag tone={row.open > 0 ? "bad" : "ok"}>
              {row.open > 0
                ? `${count(row.open)} OPEN`
                : row.replaying > 0
                  ? `${count(row.replaying)} REPLAYING`
                  : "RESOLVED"}
            </Tag>
            <Tag>{row.kind === "error_event" ? "ERROR EVENT" : row.format}</Tag>
            <TriageTags row={row} />
          </>
        )
      }
      actions={
        row && (
          <>
            <TriageMenu row={row} />
            {row.open > 0 && row.kind === "dead_letter" && (
              <Button
                variant="primary"
                onClick={() =>
                  setSelection({ select: { by: "fingerprint", fingerprint: row.fingerprint }, items: row.open })
                }
              >
                <RotateCcw /> Replay all {count(row.open)} open…
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded
        query={query}
        what="The failure"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-20" />
            <Skeleton className="h-56" />
            <Skeleton className="h-96" />
          </div>
        }
      >
        {(view) => {
          const opened = view.failures.items.find((failure) => failure.id === state.event) ?? view.failures.items[0];
          return (
            <>
              <TriageLine row={view.row} />
              <Stats view={view} />
              <Cause failure={opened} view={view} />
              <div className="grid items-start gap-3 xl:grid-cols-[1.5fr_1fr]">
                <FailureEvents
                  view={view}
                  opened={opened?.id ?? null}
                  onOpen={(event) => void setState({ event })}
                  status={state.status}
                  onStatus={(status) => void setState({ status, cursor: null })}
                  cursor={state.cursor}
                  onCursor={(cursor) => void setState({ cursor, event: null }, { history: "push" })}
                  onReplay={(failureIds) =>
                    setSelection({ select: { by: "failures", ids: [...failureIds] }, items: failureIds.length })
                  }
                />
                <div className={`flex min-w-0 flex-col gap-3 ${state.event === null ? "" : "max-xl:order-first"}`}>
                  <MessageCard
                    title={KIND_WORDS[view.row.kind].title}
                    hint={`Select one of the ${KIND_WORDS[view.row.kind].many} to view it.`}
                    at={opened === undefined ? null : opened}
                  />
                  {opened !== undefined && (
                    <FailureFates fingerprint={view.row.fingerprint} id={opened.id} kind={view.row.kind} />
                  )}
                  <NotesCard view={view} />
                </div>
              </div>
              <FailureSpread fingerprint={view.row.fingerprint} events={view.row.events} />
              <RedriveDialog selection={selection} onClose={() => setSelection(null)} groups={view.row.groups} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** Shown in place of an exception, for events that report an error without one. */
const REPORTED_ERROR = "The event reports an error";

const Stats = ({ view: { row, onlyReader } }: { readonly view: FailureGroupView }) => (
  <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
    <StatCard
      label="Open"
      value={count(row.open)}
      tone={row.open > 0 ? "bad" : "ok"}
      context={`of ${plural(row.events, KIND_WORDS[row.kind].one)} in total`}
    />
    <StatCard
      label="Last seen"
      value={<RelativeTime at={row.lastAt} />}
      context={
        <>
          first seen <RelativeTime at={row.firstAt} />
        </>
      }
    />
    {onlyReader === null ? (
      <StatCard
        label={row.groups.length === 1 ? "Group" : "Groups"}
        value={<Names names={row.groups} none="unknown" />}
        context={
          <>
            topics: <BrokerText text={row.topics.join(", ")} maxLength={48} />
          </>
        }
      />
    ) : (
      <StatCard
        label="Group (inferred)"
        value={<Names names={[onlyReader]} none="" />}
        context={
          <>
            the only group that reads <BrokerText text={row.topics.join(", ")} maxLength={48} />
          </>
        }
      />
    )}
    <StatCard
      label="Event types"
      value={<Names names={row.types} none="unknown" />}
      context={
        row.kind === "error_event" ? (
          "error events have no exception"
        ) : row.rootCauseClass === null ? (
          "unknown exception"
        ) : (
          <BrokerText text={row.rootCauseClass} maxLength={48} />
        )
      }
    />
  </div>
);

/** Which event caused an error event, as far as it is known. */
function CausedBy({
  failure: { cluster, group, originalTopic: topic, originalPartition: partition, originalOffset: offset },
}: {
  readonly failure: FailureRow;
}) {
  const link = "underline underline-offset-2 hover:text-text";
  return (
    <>
      {topic === null || partition === null || offset === null ? (
        "The event that caused it is unknown."
      ) : (
        <>
          Caused by{" "}
          <Link
            className={link}
            href={pages.topic(cluster, topic, { tab: "messages", mode: "browse", partition, offset })}
          >
            <BrokerText text={topic} maxLength={60} />[{partition}] @ {count(offset)}
          </Link>
          {group !== null && (
            <>
              in the group{" "}
              <Link className={link} href={pages.group(cluster, group)}>
                <BrokerText text={group} maxLength={60} />
              </Link>
            </>
          )}
          .
        </>
      )}{" "}
      This is not a dead letter, so it cannot be replayed itself. Replay the event that caused it, from its trace or
      key.
    </>
  );
}

/** What went wrong, and since when. */
function Cause({ failure, view }: { readonly failure: FailureRow | undefined; readonly view: FailureGroupView }) {
  const points = useMemo(
    () => view.series.map((step) => ({ at: Date.parse(step.at), events: step.events })),
    [view.series],
  );
  const stack = failure?.stack ?? null;
  return (
    <div className="grid items-stretch gap-3 xl:grid-cols-[1.5fr_1fr]">
      <Card>
        <CardHeader title="What went wrong">
          {stack !== null && <CopyButton what="the stack trace" value={stack} />}
        </CardHeader>
        <p className="px-3.5 pb-2 break-words">
          <BrokerText
            text={
              failure?.rootCauseClass ??
              failure?.exceptionClass ??
              view.row.rootCauseClass ??
              (view.row.kind === "error_event" ? REPORTED_ERROR : "Unknown exception")
            }
            className="font-medium"
            maxLength={200}
          />
          {(failure?.message ?? view.row.message) !== null && (
            <span className="text-mut">
              : <BrokerText text={failure?.message ?? view.row.message ?? ""} maxLength={600} />
            </span>
          )}
        </p>
        {stack !== null ? (
          <StackTrace stack={stack} />
        ) : (
          <p className="px-3.5 pb-3 text-dim">
            {view.row.kind === "error_event"
              ? failure !== undefined && <CausedBy failure={failure} />
              : "The dead letter has no stack trace. Most frameworks can be configured to add one."}
          </p>
        )}
      </Card>
      <Card>
        <CardHeader title="Over time" />
        <CardBody>
          <TimeChart
            points={points}
            series={seriesOf(view.row.kind)}
            format={compact}
            height={190}
            label={`${KIND_WORDS[view.row.kind].titles} over time`}
          />
        </CardBody>
      </Card>
    </div>
  );
}
