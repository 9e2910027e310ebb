"use client";
import { useQuery } from "@tanstack/react-query";
import { Pause, Play, RotateCcw } from "lucide-react";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { MessageBody } from "#components/messages/message-body.tsx";
import { MessageTable, messageId } from "#components/messages/message-table.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { FilterInput } from "#components/page/filter-input.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { compact, count, plural } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Select } from "#components/ui/select.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { MessagesView, type TopicView } from "#lib/contracts/topics.ts";
import type { MessageView } from "#lib/contracts/events.ts";
import { useTail, type Tail } from "./use-tail.ts";

const MODES = ["live", "browse"] as const;
const PAGE_MESSAGES = 100;

/** The topic's messages: as they are written, or from a place in the log. */
export function TopicMessages({ view }: { readonly view: TopicView }) {
  const { cluster, topic } = view.row;
  const [where, setWhere] = useQueryStates({
    mode: parseAsStringLiteral(MODES),
    partition: parseAsInteger,
    offset: parseAsString.withDefault(""),
    since: parseAsString.withDefault(""),
    message: parseAsString,
  });
  const [paused, setPaused] = useState(false);
  const [sending, setSending] = useState(false);
  // A link to a place in the log means to look there.
  const placed = where.offset !== "" || where.since !== "";
  const live = where.mode === null ? !placed : where.mode === "live";
  const tail = useTail(cluster, topic, where.partition, live, paused);
  const browse = useBrowse(cluster, topic, where, !live);
  const items = live ? tail.items : placed ? (browse.data?.items ?? []) : (browse.data?.items.toReversed() ?? []);
  // An opened message stays open though the live list runs on.
  const [held, setHeld] = useState<MessageView | null>(null);
  const opened =
    items.find((item) => messageId(item) === where.message) ??
    (held !== null && messageId(held) === where.message ? held : live ? null : (items[0] ?? null));
  const open = (item: MessageView) => {
    setHeld(item);
    void setWhere({ message: messageId(item) });
  };
  const list = <MessageTable items={items} opened={opened === null ? null : messageId(opened)} onOpen={open} />;

  return (
    <div className="flex flex-col gap-3">
      <FilterBar>
        <Segmented
          aria-label="How to read"
          value={live ? "live" : "browse"}
          onValueChange={(mode) => void setWhere({ mode, message: null })}
          options={[
            { value: "live", label: "Live tail" },
            { value: "browse", label: "Browse" },
          ]}
        />
        <Select
          aria-label="Partition"
          value={where.partition === null ? "*" : String(where.partition)}
          onValueChange={(partition) =>
            void setWhere({ partition: partition === "*" ? null : Number(partition), message: null })
          }
          options={[
            { value: "*", label: "Every partition" },
            ...view.partitions
              .slice(0, 500)
              .map((one) => ({ value: String(one.partition), label: `Partition ${one.partition}` })),
          ]}
        />
        {!live && (
          <>
            <FilterInput
              className="w-40"
              inputMode="numeric"
              aria-label="From offset"
              placeholder="From offset"
              value={where.offset}
              onSettle={(offset) =>
                void setWhere({ offset: /^\d{0,19}$/.test(offset) ? offset : "", since: "", message: null })
              }
            />
            <Input
              type="datetime-local"
              step={1}
              className="w-56"
              aria-label="From time"
              value={where.since}
              onChange={(event) => void setWhere({ since: event.target.value, offset: "", message: null })}
            />
          </>
        )}
        {live && (
          <Button onClick={() => setPaused(!paused)} aria-pressed={paused}>
            {paused ? (
              <>
                <Play /> Go on
              </>
            ) : (
              <>
                <Pause /> Pause
              </>
            )}
          </Button>
        )}
        {view.row.role !== "internal" && (
          <Button onClick={() => setSending(true)}>
            <RotateCcw /> Send again…
          </Button>
        )}
        {live ? <TailLine tail={tail} paused={paused} /> : browse.data && <Searched searched={browse.data.searched} />}
      </FilterBar>
      <RedriveDialog
        selection={
          sending
            ? {
                select: { by: "range", cluster, topic, from: { offset: "0" } },
                items: null,
                begin: { partition: where.partition, from: where.offset || where.since },
              }
            : null
        }
        onClose={() => setSending(false)}
        groups={view.groups.map(({ group }) => group)}
        partitions={view.partitions.length}
      />
      {live && tail.fault !== null && (
        <ErrorPanel title="The broker cannot be read now" error={tail.fault}>
          The tail goes on by itself when it can.
        </ErrorPanel>
      )}
      <div className="grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]">
        <Card>
          <CardHeader title={live || !placed ? "Newest first" : "From there on"}>
            {items.length > 0 && plural(items.length, "message")}
          </CardHeader>
          {live ? (
            items.length === 0 ? (
              <EmptyState title={tail.state === "open" ? "Waiting for the next message" : "Opening the tail…"}>
                What is written to the topic from now on stands here. To see what was written before, choose Browse.
              </EmptyState>
            ) : (
              list
            )
          ) : (
            <Loaded query={browse} what="The messages">
              {() =>
                items.length === 0 ? (
                  <EmptyState title="Nothing there">
                    No message at or after this place. Choose another offset or time.
                  </EmptyState>
                ) : (
                  list
                )
              }
            </Loaded>
          )}
        </Card>
        <Card className={where.message === null ? "xl:sticky xl:top-4" : "max-xl:order-first xl:sticky xl:top-4"}>
          {opened === null ? (
            <EmptyState title="No message opened">Choose a message to see its body, headers and trace.</EmptyState>
          ) : (
            <MessageBody key={messageId(opened)} message={opened} title="Message" />
          )}
        </Card>
      </div>
    </div>
  );
}

interface Where {
  readonly partition: number | null;
  readonly offset: string;
  readonly since: string;
}
function useBrowse(cluster: string, topic: string, where: Where, enabled: boolean) {
  const since = new Date(where.since);
  const asked = {
    partition: where.partition,
    offset: where.offset,
    at: Number.isNaN(since.getTime()) ? null : since.toISOString(),
    limit: PAGE_MESSAGES,
  };
  return useQuery({
    queryKey: keys.messages.list(cluster, topic, asked),
    queryFn: ({ signal }) => fetchJson(api.messages(cluster, topic, asked), MessagesView, { signal }),
    enabled,
  });
}

const TailLine = ({ tail, paused }: { readonly tail: Tail; readonly paused: boolean }) => (
  <span className="text-mut" role="status">
    {paused ? "paused" : tail.state === "open" ? "live" : "reconnecting"} · {count(tail.received)} seen
    {tail.skipped > 0 && <span className="text-dim"> · {compact(tail.skipped)} not shown</span>}
  </span>
);

/** Exactly what was read, so that nobody takes a gap for an absence. */
function Searched({ searched }: { readonly searched: MessagesView["searched"] }) {
  const [first, ...more] = searched;
  if (first === undefined) return null;
  const said = searched.map((one) => `partition ${one.partition}: ${count(one.from)} to ${count(one.to)}`).join("\n");
  return (
    <span className="text-mut" title={said}>
      read{" "}
      {more.length === 0
        ? `offsets ${count(first.from)} to ${count(first.to)} of partition ${first.partition}`
        : `${searched.length} partitions; their ranges on hover`}
    </span>
  );
}
