"use client";
import Link from "next/link";
import { useMemo } from "react";
import type { ChartSeries } from "#components/charts/series.ts";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { compact, count } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { FailureGroupView } from "#lib/contracts/failures.ts";
import { type FailureGroupRow, type FailureRow } from "#lib/contracts/failures.ts";
import { KIND_WORDS } from "./kind-words.ts";
import { StackTrace } from "./stack-trace.tsx";

const seriesOf = (kind: FailureGroupRow["kind"]): readonly ChartSeries[] => [
  { key: "events", label: KIND_WORDS[kind].many, color: "var(--bad-strong)", kind: "bar" },
];

/** Shown in place of an exception, for events that report an error without one. */
const REPORTED_ERROR = "The event reports an error";

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
              {" "}
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
export function FailureCause({
  failure,
  view,
}: {
  readonly failure: FailureRow | undefined;
  readonly view: FailureGroupView;
}) {
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
