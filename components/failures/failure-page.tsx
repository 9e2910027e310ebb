"use client";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { MessageCard } from "#components/messages/message-card.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import type { RedriveSelection } from "#components/replays/redrive-choice.ts";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { count } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { FailureGroupView } from "#lib/contracts/failures.ts";
import { TriageLine, TriageMenu, TriageTags } from "./failure-triage.tsx";
import { FailureNotes } from "./failure-notes.tsx";
import { FailureEvents } from "./failure-events.tsx";
import { FailureSpread } from "./failure-spread.tsx";
import { FailureFates } from "./failure-fates.tsx";
import { KIND_WORDS } from "./kind-words.ts";
import { FailureStats } from "./failure-stats.tsx";
import { FailureCause } from "./failure-cause.tsx";

const PAGE_ITEMS = 50;
const STATUSES = ["open", "replaying", "resolved"] as const;

export function FailurePage({ fingerprint }: { readonly fingerprint: string }) {
  const [state, setState] = useQueryStates({
    status: parseAsStringLiteral(STATUSES),
    cursor: parseAsString,
    event: parseAsString,
  });
  const [selection, setSelection] = useState<RedriveSelection | null>(null);
  const params = { limit: PAGE_ITEMS, status: state.status, cursor: state.cursor };
  const query = useQuery({
    queryKey: keys.failures.one(fingerprint, params),
    queryFn: ({ signal }) => fetchJson(api.failure(fingerprint, params), FailureGroupView, { signal }),
  });
  const row = query.data?.row;
  return (
    <Page
      title={row === undefined ? "Failure" : <BrokerText text={row.title} maxLength={160} />}
      tags={
        row && (
          <>
            <Tag tone={row.open > 0 ? "bad" : "ok"}>
              {row.open > 0
                ? `${count(row.open)} OPEN`
                : row.replaying > 0
                  ? `${count(row.replaying)} REPLAYING`
                  : "RESOLVED"}
            </Tag>
            <Tag>{row.kind === "error_event" ? "ERROR EVENT" : row.format}</Tag>
            <TriageTags row={row} />
          </>
        )
      }
      actions={
        row && (
          <>
            <TriageMenu row={row} />
            {row.open > 0 && row.kind === "dead_letter" && (
              <Button
                variant="primary"
                onClick={() =>
                  setSelection({ select: { by: "fingerprint", fingerprint: row.fingerprint }, items: row.open })
                }
              >
                <RotateCcw /> Replay all {count(row.open)} open…
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded
        query={query}
        what="The failure"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-20" />
            <Skeleton className="h-56" />
            <Skeleton className="h-96" />
          </div>
        }
      >
        {(view) => {
          const opened = view.failures.items.find((failure) => failure.id === state.event) ?? view.failures.items[0];
          return (
            <>
              <TriageLine row={view.row} />
              <FailureStats view={view} />
              <FailureCause failure={opened} view={view} />
              <div className="grid items-start gap-3 xl:grid-cols-[1.5fr_1fr]">
                <FailureEvents
                  view={view}
                  opened={opened?.id ?? null}
                  onOpen={(event) => void setState({ event })}
                  status={state.status}
                  onStatus={(status) => void setState({ status, cursor: null })}
                  cursor={state.cursor}
                  onCursor={(cursor) => void setState({ cursor, event: null }, { history: "push" })}
                  onReplay={(failureIds) =>
                    setSelection({ select: { by: "failures", ids: [...failureIds] }, items: failureIds.length })
                  }
                />
                <div className={`flex min-w-0 flex-col gap-3 ${state.event === null ? "" : "max-xl:order-first"}`}>
                  <MessageCard
                    title={KIND_WORDS[view.row.kind].title}
                    hint={`Select one of the ${KIND_WORDS[view.row.kind].many} to view it.`}
                    at={opened === undefined ? null : opened}
                  />
                  {opened !== undefined && (
                    <FailureFates fingerprint={view.row.fingerprint} id={opened.id} kind={view.row.kind} />
                  )}
                  <FailureNotes view={view} />
                </div>
              </div>
              <FailureSpread fingerprint={view.row.fingerprint} events={view.row.events} />
              <RedriveDialog selection={selection} onClose={() => setSelection(null)} groups={view.row.groups} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
