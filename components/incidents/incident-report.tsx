"use client";
import Link from "next/link";
import { useZone } from "#components/time/zone.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { absolute, count, durationMs } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { IncidentView } from "#lib/contracts/incidents.ts";
import { IncidentCause } from "./incident-cause.tsx";
import { LagCharts, RateCharts, spanOf } from "./incident-charts.tsx";
import { Timeline } from "./timeline.tsx";

/** What happened in an incident, in a form that can be printed: numbers, cause, timeline and charts. */
export function IncidentReport({ view }: { readonly view: IncidentView }) {
  const [zone] = useZone();
  const { incident } = view;
  const [openedMs, endMs] = spanOf(view);
  const toTheSecond = (at: string) => absolute(at, zone).replace(/\.\d+/, "");
  return (
    <div className="flex flex-col gap-3 print:gap-2">
      <p className="max-w-[60rem] text-base break-words">
        {incident.reason !== null && (
          <>
            <b className="font-semibold">
              <BrokerText text={incident.reason} maxLength={300} />.
            </b>{" "}
          </>
        )}
        <span className="text-mut" suppressHydrationWarning>
          From {toTheSecond(incident.openedAt)}{" "}
          {incident.closedAt === null ? "until now" : `to ${toTheSecond(incident.closedAt)}`},{" "}
          {durationMs(endMs - openedMs)}.
        </span>
      </p>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4 print:grid-cols-4">
        <StatCard
          label="Lasted"
          value={durationMs(endMs - openedMs)}
          context={incident.closedAt === null ? "and goes on" : "until it was over"}
        />
        <StatCard
          label="Most events waiting"
          value={count(incident.peakLagMessages)}
          context={`of ${view.topics.length === 1 ? view.topics[0] : `${view.topics.length} topics`}`}
        />
        <StatCard label="Longest wait" value={durationMs(incident.peakTimeLagMs)} context="oldest waiting event" />
        <StatCard
          label="Group"
          value={<BrokerText text={incident.group} maxLength={40} />}
          context={
            <>
              {view.service === null ? view.protocol : <BrokerText text={view.service} maxLength={40} />} on{" "}
              <BrokerText text={incident.cluster} maxLength={40} />
            </>
          }
        />
      </div>
      <div className="grid items-start gap-3 lg:grid-cols-[1.15fr_1fr] print:grid-cols-[1.15fr_1fr] print:gap-2">
        <div className="flex min-w-0 flex-col gap-3 print:gap-2">
          <IncidentCause incident={incident} />
          <Card>
            <CardHeader title="Timeline">times open the group as it was then</CardHeader>
            <CardBody>
              <Timeline incident={incident} events={view.events.slice(-30)} />
            </CardBody>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-3 print:gap-2">
          <LagCharts view={view} />
        </div>
      </div>
      <div className="grid gap-3 md:grid-cols-2 print:grid-cols-2 print:gap-2">
        <RateCharts view={view} />
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-mut">
        <Link className="text-acc hover:underline" href={pages.group(incident.cluster, incident.group)}>
          The group now
        </Link>
        <Link
          className="text-acc hover:underline"
          href={pages.group(incident.cluster, incident.group, { at: incident.openedAt })}
        >
          As it was when it began
        </Link>
        <Link className="text-acc hover:underline" href={pages.incidents({ group: incident.group })}>
          All incidents of this group
        </Link>
        <span className="ml-auto text-dim" suppressHydrationWarning>
          read at {toTheSecond(view.readAt)}
        </span>
      </p>
    </div>
  );
}
