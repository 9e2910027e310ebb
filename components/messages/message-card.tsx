"use client";
import { useQuery } from "@tanstack/react-query";
import { FileQuestion } from "lucide-react";
import { Loaded } from "#components/page/loaded.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { MessageView } from "#lib/contracts/events.ts";
import { MessageBody } from "./message-body.tsx";

export interface MessageAt {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

interface MessageCardProps {
  /** null: no event is selected */
  readonly at: MessageAt | null;
  /** "At the head", "The dead letter" */
  readonly title: string;
  /** Shown while no event is selected. */
  readonly hint?: string;
  readonly className?: string;
}
/** One message, loaded from the broker. */
export function MessageCard({ at, title, hint = "Select an event to see its message.", className }: MessageCardProps) {
  const query = useQuery({
    queryKey: keys.messages.one(at?.cluster ?? "", at?.topic ?? "", at?.partition ?? 0, at?.offset ?? ""),
    queryFn: ({ signal }) =>
      fetchJson(at === null ? "" : api.message(at.cluster, at.topic, at.partition, at.offset), MessageView, { signal }),
    enabled: at !== null,
    staleTime: Infinity, // a written message does not change
  });
  if (at === null)
    return (
      <Card className={className}>
        <EmptyState icon={FileQuestion} title={title}>
          {hint}
        </EmptyState>
      </Card>
    );
  return (
    <Card className={className}>
      <Loaded query={query} what={`Message ${at.offset}`} skeleton={<MessageSkeleton />}>
        {(message) => (
          <MessageBody
            key={`${message.topic}/${message.partition}/${message.offset}`}
            message={message}
            title={title}
          />
        )}
      </Loaded>
    </Card>
  );
}

const MessageSkeleton = () => (
  <div className="flex flex-col gap-2.5 p-3.5" role="status" aria-label="Loading the message from the broker">
    {["w-1/2", "w-1/3", "w-2/3", "w-2/5", "w-1/2", "w-1/4"].map((width, i) => (
      <Skeleton key={i} className={`h-3 ${width}`} />
    ))}
  </div>
);
