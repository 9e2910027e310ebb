"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Loaded } from "#components/page/loaded.tsx";
import { FATE_BADGE, fateLine } from "#components/messages/fate-words.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api, pages } from "#lib/client/routes.ts";
import { FailureFatesView, type FailureGroupRow } from "#lib/contracts/failures.ts";

/** The outcome of the same event in every group that reads its topic. */
export function FailureFates({
  fingerprint,
  id,
  kind,
}: {
  readonly fingerprint: string;
  readonly id: string;
  readonly kind: FailureGroupRow["kind"];
}) {
  const query = useQuery({
    queryKey: keys.failures.fates(fingerprint, id),
    queryFn: ({ signal }) => fetchJson(api.failureFates(fingerprint, id), FailureFatesView, { signal }),
  });
  return (
    <Card>
      <CardHeader title={kind === "error_event" ? "The causing event in each group" : "The same event in each group"} />
      <CardBody>
        <Loaded query={query} what="The outcomes">
          {({ fates }) =>
            fates.length === 0 ? (
              <p className="text-dim">
                {kind === "error_event"
                  ? "Unknown: the causing event was not found, or no group reads its topic."
                  : "Unknown: the dead letter does not name its source event, or no group reads its topic."}
              </p>
            ) : (
              <ul className="flex flex-col gap-1">
                {fates.map((fate) => (
                  <li key={fate.group} className="flex items-baseline gap-2" title={fate.note ?? undefined}>
                    <Link
                      href={pages.group(fate.cluster, fate.group)}
                      className="min-w-0 flex-1 truncate py-1 hover:underline"
                    >
                      <BrokerText text={fate.group} maxLength={48} />
                    </Link>
                    <span className={FATE_BADGE[fate.fate].className}>
                      {FATE_BADGE[fate.fate].sign} {fateLine(fate)}
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </CardBody>
    </Card>
  );
}
