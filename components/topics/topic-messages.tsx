"use client";
import { Pause, Play, RotateCcw } from "lucide-react";
import { useState } from "react";
import { MessageBody } from "#components/messages/message-body.tsx";
import { MessageTable, messageId } from "#components/messages/message-table.tsx";
import { Loaded } from "#components/page/loaded.tsx";
import { FilterBar } from "#components/page/parts.tsx";
import { RedriveDialog } from "#components/replays/redrive-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { plural } from "#components/ui/format.ts";
import type { TopicView } from "#lib/contracts/topics.ts";
import type { MessageView } from "#lib/contracts/events.ts";
import { useTail } from "./use-tail.ts";
import { PositionFilter } from "./position-filter.tsx";
import { usePosition } from "./use-position.ts";
import { useBrowse } from "./use-browse.ts";
import { TailLine, SearchedOffsets } from "./messages-read.tsx";

/** The messages of a topic: as they are written, or from an offset or a time. */
export function TopicMessages({ view }: { readonly view: TopicView }) {
  const { cluster, topic } = view.row;
  const { position, change, hasStart, isLive } = usePosition();
  const [paused, setPaused] = useState(false);
  const [replaying, setReplaying] = useState(false);
  const tail = useTail(cluster, topic, position.partition, isLive, paused);
  const browse = useBrowse(cluster, topic, position, !isLive);
  const items = isLive ? tail.items : hasStart ? (browse.data?.items ?? []) : (browse.data?.items.toReversed() ?? []);
  // An opened message stays open when it leaves the live list.
  const [kept, setKept] = useState<MessageView | null>(null);
  const opened =
    items.find((item) => messageId(item) === position.message) ??
    (kept !== null && messageId(kept) === position.message ? kept : isLive ? null : (items[0] ?? null));
  const open = (item: MessageView) => {
    setKept(item);
    change({ message: messageId(item) });
  };
  const list = <MessageTable items={items} opened={opened === null ? null : messageId(opened)} onOpen={open} />;

  return (
    <div className="flex flex-col gap-3">
      <FilterBar>
        <PositionFilter
          position={position}
          isLive={isLive}
          partitions={view.partitions.map(({ partition }) => partition)}
          onChange={change}
        />
        {isLive && (
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
        {isLive ? (
          <TailLine tail={tail} paused={paused} />
        ) : (
          browse.data && <SearchedOffsets searched={browse.data.searched} />
        )}
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
      {isLive && tail.fault !== null && (
        <ErrorPanel title="Messages cannot be read from the broker" error={tail.fault}>
          The live tail resumes automatically.
        </ErrorPanel>
      )}
      <div className="grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]">
        <Card>
          <CardHeader title={isLive || !hasStart ? "Newest first" : "Oldest first"}>
            {items.length > 0 && plural(items.length, "message")}
          </CardHeader>
          {isLive ? (
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
