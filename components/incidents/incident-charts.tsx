"use client";
import { StillChart } from "#components/charts/still-chart.tsx";
import { wholeUntil } from "#components/charts/whole-steps.ts";
import { useZone } from "#components/time/zone.ts";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { compact, ratePerSecond, roughly } from "#components/ui/format.ts";
import type { IncidentView } from "#lib/contracts/incidents.ts";

type Point = IncidentView["series"][number];

/** Start and end of an incident in epoch ms; one that is open ends when it was read. */
export const spanOf = ({ incident, readAt }: IncidentView): readonly [number, number] => [
  Date.parse(incident.openedAt),
  Date.parse(incident.closedAt ?? readAt),
];

function useShared(view: IncidentView) {
  const [zone] = useZone();
  return { span: spanOf(view), events: view.events.map(({ at }) => Date.parse(at)), zone };
}

const pointsOf = (view: IncidentView, valueOf: (point: Point) => number | null) =>
  view.series.map((point) => ({ at: Date.parse(point.at), value: valueOf(point) }));

/** How far the group was behind, in messages and in time. */
export function LagCharts({ view }: { readonly view: IncidentView }) {
  const shared = useShared(view);
  return (
    <>
      <Card>
        <CardHeader title="Lag, messages" />
        <CardBody>
          <StillChart
            {...shared}
            points={pointsOf(view, (point) => point.lagMessages)}
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
            points={pointsOf(view, (point) => point.timeLagMs)}
            label="Time lag during the incident"
            colour="var(--warn)"
            format={roughly}
          />
        </CardBody>
      </Card>
    </>
  );
}

/** Events published and consumed per second; a step that is not over yet has no rate. */
export function RateCharts({ view }: { readonly view: IncidentView }) {
  const shared = useShared(view);
  const until = wholeUntil(view.readAt);
  const isWhole = (point: Point) => Date.parse(point.at) + view.stepSeconds * 1000 <= until;
  return (
    <>
      <Card>
        <CardHeader title="Events in per second" />
        <CardBody>
          <StillChart
            {...shared}
            points={pointsOf(view, (point) => (isWhole(point) ? point.inRate : null))}
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
            points={pointsOf(view, (point) => (isWhole(point) ? point.outRate : null))}
            label="Events consumed during the incident"
            colour="var(--acc)"
            format={ratePerSecond}
          />
        </CardBody>
      </Card>
    </>
  );
}
