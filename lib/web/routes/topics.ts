import { EventsQuery, EventsView, MessageView } from "#lib/contracts/events.ts";
import {
  MessagesQuery,
  MessagesView,
  TailQuery,
  TopicQuery,
  TopicsQuery,
  TopicsView,
  TopicView,
} from "#lib/contracts/topics.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { TailFrame } from "#lib/contracts/topics.ts";
import { err, type Result } from "#lib/domain/result.ts";
import { exportEvents } from "#lib/queries/events.ts";
import { getMessage, listMessages } from "#lib/queries/messages.ts";
import { tailMessages } from "#lib/queries/tail.ts";
import { getTopic } from "#lib/queries/topic.ts";
import { listTopics } from "#lib/queries/topics.ts";
import { route } from "../route.ts";
import { sseResponse, type SseFrame } from "../sse.ts";
import { MessagePath, TOO_MANY_STREAMS, TopicPath } from "./shared.ts";

async function* tailFrames(frames: AsyncIterable<Result<TailFrame, AppError>>): AsyncGenerator<SseFrame, void> {
  for await (const frame of frames)
    yield frame.ok ? { event: "messages", data: frame.value } : { event: "fault", data: { error: frame.error } };
}

export const TOPIC_ROUTES = {
  "GET /api/topics": route({
    summary: "Topics",
    role: "viewer",
    query: TopicsQuery,
    answer: TopicsView,
    handle: ({ queries }, { query }) => listTopics(queries, query),
  }),
  "GET /api/topics/{cluster}/{topic}": route({
    summary: "One topic",
    role: "viewer",
    params: TopicPath,
    query: TopicQuery,
    answer: TopicView,
    handle: ({ queries }, { params, query }) => getTopic(queries, { ...params, query }),
  }),
  "GET /api/topics/{cluster}/{topic}/messages": route({
    summary: "Messages of a topic as the broker holds them now, decoded",
    role: "viewer",
    params: TopicPath,
    query: MessagesQuery,
    answer: MessagesView,
    handle: ({ queries }, { params, query }) => listMessages(queries, { ...params, query }),
  }),
  "GET /api/topics/{cluster}/{topic}/tail": route({
    summary: "New messages of a topic as they are written, decoded",
    role: "viewer",
    params: TopicPath,
    query: TailQuery,
    answer: {
      contentType: "text/event-stream",
      description: "`messages` → {items, skipped}, `fault` → Error while the broker cannot be read",
    },
    handle: async ({ queries, streams }, { params, query, request, identity }) => {
      const ended = new AbortController();
      const frames = await tailMessages(queries, {
        ...params,
        query,
        signal: AbortSignal.any([request.signal, ended.signal]),
      });
      if (!frames.ok) return frames;
      const leave = streams.take(identity);
      if (leave === null) return err(TOO_MANY_STREAMS);
      const stream = tailFrames(frames.value);
      // A generator that waits hears of its end only through the signal.
      return sseResponse(
        {
          next: () => stream.next(),
          return: async () => {
            ended.abort();
            return { done: true, value: undefined };
          },
        },
        { signal: request.signal, onEnd: leave },
      );
    },
  }),
  "GET /api/messages/{cluster}/{topic}/{partition}/{offset}": route({
    summary: "One message as the broker holds it now, decoded",
    role: "viewer",
    params: MessagePath,
    answer: MessageView,
    handle: ({ queries }, { params }) => getMessage(queries, { ...params, offset: BigInt(params.offset) }),
  }),
  "GET /api/events": route({
    summary: "The event index of a topic, exact and complete, by partition and offset",
    role: "viewer",
    query: EventsQuery,
    answer: EventsView,
    handle: ({ queries }, { query }) => exportEvents(queries, query),
  }),
} as const;
