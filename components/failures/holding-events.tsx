"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { OctagonPause } from "lucide-react";
import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { IncidentsView } from "#lib/contracts/groups.ts";

const ASKED = { cause: "poison_event", open: "yes", limit: 20 } as const;

/** Failures that never became a dead letter: events their group cannot get past. Nothing at all while there are none. */
export function HoldingEvents() {
  const query = useQuery({ queryKey: keys.groups.incidents(ASKED), queryFn: ({ signal }) => fetchJson(api.incidents(ASKED), IncidentsView, { signal }), placeholderData: keepPreviousData });
  const incidents = query.data?.items ?? [];
  if (incidents.length === 0) return null;
  return (
    <Card>
      <CardHeader title="Events that hold a group, not dead-lettered" />
      <CardBody>
        <ul className="flex flex-col gap-1.5">
          {incidents.map(({ id, cluster, group, openedAt, reason }) => (
            <li key={id} className="flex flex-wrap items-baseline gap-x-2">
              <OctagonPause aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-bad" />
              <Link href={pages.group(cluster, group)} className="font-medium hover:underline"><BrokerText text={group} maxLength={60} /></Link>
              <span className="min-w-0 flex-1 break-words text-mut">{reason !== null && <BrokerText text={reason} maxLength={300} />}</span>
              <Link href={pages.incident(id)} className="text-acc hover:underline">incident {id}</Link>
              <RelativeTime at={openedAt} className="text-dim" />
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
