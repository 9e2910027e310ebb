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
import { IncidentsView } from "#lib/contracts/groups.ts";

type Which = "open" | "over" | "all";

function useHolding(which: Which, group: string, limit: number) {
  const asked = {
    cause: "poison_event",
    limit,
    open: which === "all" ? null : which === "open" ? "yes" : "no",
    group,
  } as const;
  return useQuery({
    queryKey: keys.groups.incidents(asked),
    queryFn: ({ signal }) => fetchJson(api.incidents(asked), IncidentsView, { signal }),
    placeholderData: keepPreviousData,
  });
}

/**
 * Failures that never became a dead letter: events their group cannot get past. Nothing at all while there are none.
 */
export function HoldingNow() {
  const incidents = useHolding("open", "", 20).data?.items ?? [];
  return incidents.length === 0 ? null : <HoldingCard incidents={incidents} />;
}

/** The same as a list of its own; past ones too. */
export function HoldingEvents({ which, group }: { readonly which: Which; readonly group: string }) {
  return (
    <Loaded query={useHolding(which, group, 100)} what="The events that hold a group">
      {({ items }) =>
        items.length > 0 ? (
          <HoldingCard incidents={items} />
        ) : (
          <Card>
            <EmptyState
              icon={ShieldCheck}
              title={which === "open" ? "No event holds a group" : "No event held a group"}
            >
              {group !== ""
                ? "None of this group: its whole name counts."
                : "An event that its group tries again and again, and does not get past, stands here without ever having been dead-lettered."}
            </EmptyState>
          </Card>
        )
      }
    </Loaded>
  );
}

const HoldingCard = ({ incidents }: { readonly incidents: IncidentsView["items"] }) => (
  <Card>
    <CardHeader title="Events that hold a group, not dead-lettered" />
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
              {closedAt !== null && "over · "}
              <RelativeTime at={openedAt} />
            </span>
          </li>
        ))}
      </ul>
    </CardBody>
  </Card>
);
