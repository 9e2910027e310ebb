"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { KeyLink } from "#components/page/key-link.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { count } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { FailureSpreadView } from "#lib/contracts/failures.ts";

/** What the events have in common: by key, partition, version and producer. */
export function FailureSpread({ fingerprint, events }: { readonly fingerprint: string; readonly events: number }) {
  const query = useQuery({
    queryKey: keys.failures.spread(fingerprint),
    queryFn: ({ signal }) => fetchJson(api.failureSpread(fingerprint), FailureSpreadView, { signal }),
  });
  return (
    <Loaded query={query} what="The distribution">
      {(view) => (
        <div className="grid items-start gap-3 md:grid-cols-2 xl:grid-cols-5">
          <Values
            title="By key"
            spread={view.keys}
            events={events}
            show={(key) => <KeyLink text={key} maxLength={48} />}
          />
          <Values title="By partition" spread={view.partitions} events={events} />
          <Values title="By type and version" spread={view.versions} events={events} />
          <Values title="By producer" spread={view.producers} events={events} />
          <Similar view={view} />
        </div>
      )}
    </Loaded>
  );
}

interface ValuesProps {
  readonly title: string;
  readonly spread: FailureSpreadView["keys"];
  readonly events: number;
  readonly show?: (name: string) => ReactNode;
}
function Values({
  title,
  spread: { values, distinct },
  events,
  show = (name) => <BrokerText text={name} maxLength={48} />,
}: ValuesProps) {
  return (
    <Card>
      <CardHeader title={title}>
        {distinct > values.length && <span className="text-xs text-dim">{count(distinct)} in total</span>}
      </CardHeader>
      <CardBody>
        <ol className="flex flex-col gap-1">
          {values.map(({ name, events: own }) => (
            <li key={name ?? ""} className="relative flex items-baseline gap-2 px-1.5 py-0.5">
              <span
                aria-hidden
                className="absolute inset-y-0 left-0 rounded bg-badbg"
                style={{ width: `${Math.min(100, (100 * own) / Math.max(1, events))}%` }}
              />
              <span className="relative min-w-0 flex-1 truncate">
                {name === null ? <span className="text-dim">unknown</span> : show(name)}
              </span>
              <span className="relative tabular-nums text-mut">{count(own)}</span>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}

const Similar = ({ view }: { readonly view: FailureSpreadView }) => (
  <Card>
    <CardHeader title="Similar failures" />
    <CardBody>
      {view.similar.length === 0 ? (
        <p className="text-dim">No other failure has the same root cause.</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {view.similar.map(({ fingerprint, title, group, lastAt }) => (
            <li key={fingerprint}>
              <Link href={pages.failure(fingerprint)} className="block truncate hover:underline">
                <BrokerText text={title} maxLength={120} />
              </Link>
              <p className="text-xs text-dim">
                {group === null ? "unknown group" : <BrokerText text={group} maxLength={40} />} ·{" "}
                <RelativeTime at={lastAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </CardBody>
  </Card>
);
