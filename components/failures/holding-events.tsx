"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { OctagonPause, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { Loaded } from "#components/page/loaded.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { IncidentsView } from "#lib/contracts/incidents.ts";

type Which = "open" | "over" | "all";

function useHolding(which: Which, group: string, limit: number) {
  const question = {
    cause: "poison_event",
    limit,
    open: which === "all" ? null : which === "open" ? "yes" : "no",
    group,
  } as const;
  return useQuery({
    queryKey: keys.groups.incidents(question),
    queryFn: ({ signal }) => fetchJson(api.incidents(question), IncidentsView, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Failures without a dead letter: events that block their group. Nothing while there are none. */
export function HoldingNow() {
  const incidents = useHolding("open", "", 20).data?.items ?? [];
  return incidents.length === 0 ? null : <HoldingCard incidents={incidents} />;
}

/** The same as a list of its own, with past ones. */
export function HoldingEvents({ which, group }: { readonly which: Which; readonly group: string }) {
  return (
    <Loaded query={useHolding(which, group, 100)} what="The blocking events">
      {({ items }) =>
        items.length > 0 ? (
          <HoldingCard incidents={items} />
        ) : (
          <Card>
            <EmptyState
              icon={ShieldCheck}
              title={which === "open" ? "No event blocks a group" : "No event has blocked a group"}
            >
              {group !== ""
                ? "None in this group. Enter the full name of the group."
                : "Events that a group keeps retrying without success appear here. They are not dead-lettered."}
            </EmptyState>
          </Card>
        )
      }
    </Loaded>
  );
}

const HoldingCard = ({ incidents }: { readonly incidents: IncidentsView["items"] }) => (
  <Card>
    <CardHeader title="Blocking events, not dead-lettered" />
    <CardBody>
      <ul className="flex flex-col gap-1.5">
        {incidents.map(({ id, cluster, group, openedAt, closedAt, reason }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2">
            <OctagonPause
              aria-hidden
              className={`size-3.5 shrink-0 translate-y-0.5 ${closedAt === null ? "text-bad" : "text-dim"}`}
            />
            <Link href={pages.group(cluster, group)} className="font-medium hover:underline">
              <BrokerText text={group} maxLength={60} />
            </Link>
            <span className="min-w-0 flex-1 break-words text-mut">
              {reason !== null && <BrokerText text={reason} maxLength={300} />}
            </span>
            <Link href={pages.incident(id)} className="text-acc hover:underline">
              incident {id}
            </Link>
            <span className="text-dim">
              {closedAt !== null && "ended · "}
              <RelativeTime at={openedAt} />
            </span>
          </li>
        ))}
      </ul>
    </CardBody>
  </Card>
);
