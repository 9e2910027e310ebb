"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { ConfigurationLines } from "#components/page/configuration-lines.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, plural } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { PublishersView } from "#lib/contracts/publishers.ts";
import { configurationLines } from "#lib/domain/publisher/lines.ts";
import { TakenOverRules } from "./taken-over-rules.tsx";

const REFRESH_MS = 10_000;

type Candidate = PublishersView["candidates"][number];

/** Who seems to publish what, with the evidence, to be taken over. */
export function PublishersCard() {
  const query = useQuery({
    queryKey: keys.publishers(),
    queryFn: ({ signal }) => fetchJson(api.publishers(), PublishersView, { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Card>
      <CardHeader title="Publishers">by the producers that wrote the records</CardHeader>
      <Loaded query={query} what="Who publishes">
        {({ candidates, rules }) => (
          <>
            {candidates.length === 0 ? (
              <EmptyState title="Nothing to take over">
                A publisher is offered here when a topic has records that do not name their service, and the broker
                knows which producer wrote them.
              </EmptyState>
            ) : (
              <ul>
                {candidates.map((candidate) => (
                  <CandidateItem key={`${candidate.cluster} ${candidate.name}`} candidate={candidate} />
                ))}
              </ul>
            )}
            {rules.length > 0 && <TakenOverRules rules={rules} />}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function CandidateItem({ candidate }: { readonly candidate: Candidate }) {
  const [service, setService] = useState(candidate.name);
  const refusal = useWriteRefusal();
  const client = useQueryClient();
  const rules = candidate.rules.map((rule) => ({ ...rule, service: service.trim() }));
  const takeOver = useMutation({
    mutationFn: () => fetchJson(api.publishers(), z.undefined(), { method: "POST", body: { rules } }),
    onSuccess: () => {
      toast.done("Publisher taken over", service.trim());
      return client.invalidateQueries({ queryKey: keys.publishers() });
    },
    onError: (error) => toast.failed("The publisher could not be taken over", error),
  });
  return (
    <li className="border-t">
      <CardBody className="pt-2.5">
        <p className="font-medium">
          <BrokerText text={candidate.name} maxLength={80} />
        </p>
        <p className="mt-1 text-mut">
          <Evidence candidate={candidate} />
        </p>
        <ConfigurationLines rules={rules} />
        <div className="mt-2 flex flex-wrap gap-2">
          <Input
            aria-label={`Service of ${candidate.name}`}
            className="max-w-64"
            maxLength={100}
            value={service}
            onChange={(event) => setService(event.target.value)}
          />
          <Button
            disabled={refusal !== null || service.trim() === "" || takeOver.isPending}
            {...(refusal !== null && { title: refusal })}
            onClick={() => takeOver.mutate()}
          >
            Take over
          </Button>
          <CopyButton label="Copy lines" value={() => configurationLines(rules)} />
        </div>
      </CardBody>
    </li>
  );
}

function Evidence({ candidate: { cluster, evidence, group, topics, producers, lastAt } }: { candidate: Candidate }) {
  const named = topics.filter(({ namedRecords }) => namedRecords > 0);
  return (
    <>
      {plural(producers, "producer")} on <BrokerText text={cluster} maxLength={60} /> wrote{" "}
      {topics.map(({ topic, records, isOnlyWriter }, i) => (
        <span key={topic}>
          {i > 0 && ", "}
          <BrokerText text={topic} maxLength={80} /> ({count(records)}
          {!isOnlyWriter && ", others write there too"})
        </span>
      ))}
      ; last <RelativeTime at={lastAt} />.{" "}
      {evidence === "record" && (
        <>
          Its records on <BrokerText text={named.map(({ topic }) => topic).join(", ")} maxLength={200} /> name the
          service.
        </>
      )}
      {evidence === "transaction" && (
        <>
          Its transactions commit offsets of the group <BrokerText text={group ?? ""} maxLength={100} />.
        </>
      )}
      {evidence === "commits" && (
        <>
          The group <BrokerText text={group ?? ""} maxLength={100} /> commits what it has read right after these writes,
          never before them; no other group does.
        </>
      )}
      {evidence === "together" && "No record names the service."}
    </>
  );
}
