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

/** The messages of a topic: as they are written, or from an offset or a time. */
export function TopicMessages({ view }: { readonly view: TopicView }) {
  const { cluster, topic } = view.row;
  const [position, setPosition] = useQueryStates({
    mode: parseAsStringLiteral(MODES),
    partition: parseAsInteger,
    offset: parseAsString.withDefault(""),
    since: parseAsString.withDefault(""),
    message: parseAsString,
  });
  const [paused, setPaused] = useState(false);
  const [replaying, setReplaying] = useState(false);
  // An offset or a time in the address means browsing.
  const positioned = position.offset !== "" || position.since !== "";
  const live = position.mode === null ? !positioned : position.mode === "live";
  const tail = useTail(cluster, topic, position.partition, live, paused);
  const browse = useBrowse(cluster, topic, position, !live);
  const items = live ? tail.items : positioned ? (browse.data?.items ?? []) : (browse.data?.items.toReversed() ?? []);
  // An opened message stays open when it leaves the live list.
  const [kept, setKept] = useState<MessageView | null>(null);
  const opened =
    items.find((item) => messageId(item) === position.message) ??
    (kept !== null && messageId(kept) === position.message ? kept : live ? null : (items[0] ?? null));
  const open = (item: MessageView) => {
    setKept(item);
    void setPosition({ message: messageId(item) });
  };
  const list = <MessageTable items={items} opened={opened === null ? null : messageId(opened)} onOpen={open} />;

  return (
    <div className="flex flex-col gap-3">
      <FilterBar>
        <Segmented
          aria-label="Mode"
          value={live ? "live" : "browse"}
          onValueChange={(mode) => void setPosition({ mode, message: null })}
          options={[
            { value: "live", label: "Live tail" },
            { value: "browse", label: "Browse" },
          ]}
        />
        <Select
          aria-label="Partition"
          value={position.partition === null ? "*" : String(position.partition)}
          onValueChange={(partition) =>
            void setPosition({ partition: partition === "*" ? null : Number(partition), message: null })
          }
          options={[
            { value: "*", label: "All partitions" },
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
              value={position.offset}
              onSettle={(offset) =>
                void setPosition({ offset: /^\d{0,19}$/.test(offset) ? offset : "", since: "", message: null })
              }
            />
            <Input
              type="datetime-local"
              step={1}
              className="w-56"
              aria-label="From time"
              value={position.since}
              onChange={(event) => void setPosition({ since: event.target.value, offset: "", message: null })}
            />
          </>
        )}
        {live && (
          <Button onClick={() => setPaused(!paused)} aria-pressed={paused}>
            {paused ? (
              <>
                <Play /> Resume
              </>
            ) : (
              <>
                <Pause /> Pause
              </>
            )}
          </Button>
        )}
        {view.row.role !== "internal" && (
          <Button onClick={() => setReplaying(true)}>
            <RotateCcw /> Replay…
          </Button>
        )}
        {live ? <TailLine tail={tail} paused={paused} /> : browse.data && <Searched searched={browse.data.searched} />}
      </FilterBar>
      <RedriveDialog
        selection={
          replaying
            ? {
                select: { by: "range", cluster, topic, from: { offset: "0" } },
                items: null,
                begin: { partition: position.partition, from: position.offset || position.since },
              }
            : null
        }
        onClose={() => setReplaying(false)}
        groups={view.groups.map(({ group }) => group)}
        partitions={view.partitions.length}
      />
      {live && tail.fault !== null && (
        <ErrorPanel title="Messages cannot be read from the broker" error={tail.fault}>
          The live tail resumes automatically.
        </ErrorPanel>
      )}
      <div className="grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]">
        <Card>
          <CardHeader title={live || !positioned ? "Newest first" : "Oldest first"}>
            {items.length > 0 && plural(items.length, "message")}
          </CardHeader>
          {live ? (
            items.length === 0 ? (
              <EmptyState title={tail.state === "open" ? "Waiting for the next message" : "Connecting…"}>
                New messages appear here. To see older messages, select Browse.
              </EmptyState>
            ) : (
              list
            )
          ) : (
            <Loaded query={browse} what="The messages">
              {() =>
                items.length === 0 ? (
                  <EmptyState title="No messages">
                    There are no messages at or after this position. Select another offset or time.
                  </EmptyState>
                ) : (
                  list
                )
              }
            </Loaded>
          )}
        </Card>
        <Card className={position.message === null ? "xl:sticky xl:top-4" : "max-xl:order-first xl:sticky xl:top-4"}>
          {opened === null ? (
            <EmptyState title="No message selected">Select a message to see its body, headers and trace.</EmptyState>
          ) : (
            <MessageBody key={messageId(opened)} message={opened} title="Message" />
          )}
        </Card>
      </div>
    </div>
  );
}

interface Position {
  readonly partition: number | null;
  readonly offset: string;
  readonly since: string;
}
function useBrowse(cluster: string, topic: string, position: Position, enabled: boolean) {
  const since = new Date(position.since);
  const asked = {
    partition: position.partition,
    offset: position.offset,
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
    {paused ? "paused" : tail.state === "open" ? "live" : "reconnecting"} · {count(tail.received)} received
    {tail.skipped > 0 && <span className="text-dim"> · {compact(tail.skipped)} not shown</span>}
  </span>
);

/** The offsets that were read, so that unread ranges are not taken for empty ones. */
function Searched({ searched }: { readonly searched: MessagesView["searched"] }) {
  const [first, ...more] = searched;
  if (first === undefined) return null;
  const ranges = searched.map((one) => `partition ${one.partition}: ${count(one.from)} to ${count(one.to)}`).join("\n");
  return (
    <span className="text-mut" title={ranges}>
      read{" "}
      {more.length === 0
        ? `offsets ${count(first.from)} to ${count(first.to)} of partition ${first.partition}`
        : `${searched.length} partitions (hover for offsets)`}
    </span>
  );
}
