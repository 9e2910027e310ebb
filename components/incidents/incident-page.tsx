"use client";
import { useQuery } from "@tanstack/react-query";
import { Copy, Download, Printer } from "lucide-react";
import Link from "next/link";
import { StillChart } from "#components/charts/still-chart.tsx";
import { wholeUntil } from "#components/charts/whole-steps.ts";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { useZone } from "#components/time/zone.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { CopyButton, copyText } from "#components/ui/copy-button.tsx";
import { absolute, compact, count, durationMs, ratePerSecond, roughly } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { IncidentView } from "#lib/contracts/groups.ts";
import { CAUSE_TITLES } from "#lib/domain/health/cause.ts";
import { Timeline } from "./timeline.tsx";

const REFRESH_MS = 10_000;

export function IncidentPage({ id }: { readonly id: number }) {
  const query = useQuery({
    queryKey: keys.groups.incident(id),
    queryFn: ({ signal }) => fetchJson(api.incident(id), IncidentView, { signal }),
    refetchInterval: ({ state }) => (state.data?.incident.closedAt === null ? REFRESH_MS : false),
  });
  const incident = query.data?.incident;
  return (
    <Page
      className="mx-auto w-full max-w-[1100px] print:max-w-none print:p-0"
      title={
        incident === undefined ? (
          `Incident ${id}`
        ) : (
          <>
            <BrokerText text={incident.group} maxLength={60} />
            {incident.cause !== null && `: ${CAUSE_TITLES[incident.cause].toLowerCase()}`}
          </>
        )
      }
      tags={
        incident && (
          <>
            <VerdictTag verdict={incident.verdict} />
            {incident.closedAt === null ? <Tag tone="bad">OPEN</Tag> : <Tag>OVER</Tag>}
          </>
        )
      }
      actions={
        <span className="flex flex-wrap gap-2 print:hidden">
          <Button onClick={() => void copyReport(id)}>
            <Copy /> Copy Markdown
          </Button>
          <Button asChild>
            <a href={api.incidentReport(id)} download={`incident-${id}.md`}>
              <Download /> Download
            </a>
          </Button>
          <CopyButton label="Copy link" value={() => new URL(pages.incident(id), globalThis.location.origin).href} />
          <Button onClick={() => globalThis.print()}>
            <Printer /> Print
          </Button>
        </span>
      }
    >
      <Loaded query={query} what="The incident">
        {(view) => <Report view={view} />}
      </Loaded>
    </Page>
  );
}

async function copyReport(id: number): Promise<void> {
  try {
    const response = await fetch(api.incidentReport(id));
    if (!response.ok) throw new Error(`Flowtap answered with status ${response.status}.`);
    if (!(await copyText(await response.text()))) throw new Error("The browser refused.");
    toast.done("Copied", "The report as Markdown");
  } catch (error) {
    toast.failed("Not copied", error);
  }
}

function Report({ view }: { readonly view: IncidentView }) {
  const [zone] = useZone();
  const { incident } = view;
  const found = incident.changes.findLast((change) => change.finding !== null);
  const finding = found?.finding ?? null;
  const end = incident.closedAt ?? view.readAt;
  const span = [Date.parse(incident.openedAt), Date.parse(end)] as const;
  const series = (of: (point: IncidentView["series"][number]) => number | null) =>
    view.series.map((point) => ({ at: Date.parse(point.at), value: of(point) }));
  const until = wholeUntil(view.readAt);
  const whole = (of: (point: IncidentView["series"][number]) => number) => (point: IncidentView["series"][number]) =>
    Date.parse(point.at) + view.stepSeconds * 1000 <= until ? of(point) : null;
  const events = view.events.map(({ at }) => Date.parse(at));
  const shared = { span, events, zone };
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
          {durationMs(span[1] - span[0])}.
        </span>
      </p>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4 print:grid-cols-4">
        <StatCard
          label="Lasted"
          value={durationMs(span[1] - span[0])}
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
          {finding !== null && (
            <Card>
              <CardHeader title={`Cause: ${finding.title.toLowerCase()}`}>
                {found !== undefined && (
                  <span>
                    as found at <ClockTime at={found.at} />
                  </span>
                )}
              </CardHeader>
              <CardBody className="flex flex-col gap-2">
                <p className="break-words">
                  <BrokerText text={finding.sentence} maxLength={600} />.
                </p>
                <dl className="grid grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1">
                  {finding.facts.map((fact, i) => (
                    <div key={i} className="contents">
                      <dt className="text-dim">
                        <BrokerText text={fact.label} maxLength={60} />
                      </dt>
                      <dd className="break-words">
                        <BrokerText text={fact.value} maxLength={400} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </CardBody>
            </Card>
          )}
          <Card>
            <CardHeader title="Timeline">times open the group as it was then</CardHeader>
            <CardBody>
              <Timeline incident={incident} events={view.events.slice(-30)} />
            </CardBody>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-3 print:gap-2">
          <Card>
            <CardHeader title="Lag, messages" />
            <CardBody>
              <StillChart
                {...shared}
                points={series((point) => point.lagMessages)}
                label="Lag during the incident"
                colour="var(--bad-strong)"
                format={compact}
              />
            </CardBody>
          </Card>
          <Card>
            <CardHeader title="Time lag" />
            <CardBody>
              <StillChart
                {...shared}
                points={series((point) => point.timeLagMs)}
                label="Time lag during the incident"
                colour="var(--warn)"
                format={roughly}
              />
            </CardBody>
          </Card>
        </div>
      </div>
      <div className="grid gap-3 md:grid-cols-2 print:grid-cols-2 print:gap-2">
        <Card>
          <CardHeader title="Events in per second" />
          <CardBody>
            <StillChart
              {...shared}
              points={series(whole((point) => point.inRate))}
              label="Events published during the incident"
              colour="var(--mut)"
              format={ratePerSecond}
            />
          </CardBody>
        </Card>
        <Card>
          <CardHeader title="Events out per second" />
          <CardBody>
            <StillChart
              {...shared}
              points={series(whole((point) => point.outRate))}
              label="Events consumed during the incident"
              colour="var(--acc)"
              format={ratePerSecond}
            />
          </CardBody>
        </Card>
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
          read at {absolute(view.readAt, zone).replace(/\.\d+/, "")}
        </span>
      </p>
    </div>
  );
}
