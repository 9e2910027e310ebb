"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ChartLegend } from "#components/charts/legend.tsx";
import type { ChartSeries } from "#components/charts/series.ts";
import { TimeChart } from "#components/charts/time-chart.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { ReplaysTable } from "#components/replays/replays-table.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { compact, durationMs, roughly } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { ReplaysView } from "#lib/contracts/replays.ts";
import { GroupIncidents } from "./group-incidents.tsx";
import { verdictSpans } from "./verdict-spans.ts";

const TROUBLE: readonly ChartSeries[] = [
  { key: "errors", label: "failed events", color: "var(--bad-strong)", kind: "bar" },
];

/** What the group went through: incidents, failed events, verdicts as spans, and what people did to it. */
export function GroupHistory({ view, minutes }: { readonly view: GroupView; readonly minutes: number }) {
  const points = useMemo(
    () => view.series.map((step) => ({ at: Date.parse(step.at), errors: step.errors })),
    [view.series],
  );
  const spans = useMemo(() => verdictSpans(view), [view]);
  const span = roughly(minutes * 60_000);
  const params = { group: view.row.group, limit: 50 };
  const replays = useQuery({
    queryKey: keys.replays.list(params),
    queryFn: ({ signal }) => fetchJson(api.replays(params), ReplaysView, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="flex flex-col gap-3">
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <GroupIncidents view={view} />
        <Card>
          <CardHeader title="Failed events">
            <ChartLegend series={TROUBLE} />
          </CardHeader>
          <CardBody>
            <TimeChart
              points={points.some(({ errors }) => errors > 0) ? points : []}
              series={TROUBLE}
              format={compact}
              label={`Failed events over the last ${span}`}
            />
          </CardBody>
        </Card>
      </div>
      <div className="grid items-start gap-3 xl:grid-cols-[1fr_1.35fr]">
        <Card>
          <CardHeader title="Verdicts">{span}</CardHeader>
          {spans.length === 0 ? (
            <EmptyState title="No verdict in this time">
              The first verdict comes when enough commits are known, within a few minutes. Choose a longer or earlier
              time.
            </EmptyState>
          ) : (
            <Table>
              <TableHeader>
                <tr>
                  <TableHead>Verdict</TableHead>
                  <TableHead>From</TableHead>
                  <TableHead numeric>For</TableHead>
                </tr>
              </TableHeader>
              <TableBody>
                {spans
                  .toReversed()
                  .slice(0, 50)
                  .map((one) => (
                    <TableRow key={one.fromMs}>
                      <TableCell>
                        <VerdictTag verdict={one.verdict} />
                      </TableCell>
                      <TableCell className="text-mut">
                        <ClockTime at={one.fromMs} />
                      </TableCell>
                      <TableCell numeric>{durationMs(one.toMs - one.fromMs)}</TableCell>
                    </TableRow>
                  ))}
              </TableBody>
            </Table>
          )}
        </Card>
        <Card>
          <CardHeader title="Replays of this group" />
          <Loaded query={replays} what="The replays">
            {(list) =>
              list.items.length === 0 ? (
                <EmptyState title="None yet">
                  Offset resets and redrives of this group are kept here, with who ran them and why.
                </EmptyState>
              ) : (
                <ReplaysTable brief rows={list.items} />
              )
            }
          </Loaded>
        </Card>
      </div>
    </div>
  );
}
