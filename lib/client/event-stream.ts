/**
 * Server-sent events with the state of the line: EventSource gives up for good on an HTTP error and never notices a
 * silent line; this does neither.
 */
import type { z } from "zod";
import { ErrorBody } from "#lib/contracts/errors.ts";
import { Changed, FlowFrame, Pulse } from "#lib/contracts/stream.ts";
import { TailFrame } from "#lib/contracts/topics.ts";
import { api } from "./routes.ts";

export type StreamState = "connecting" | "open" | "reconnecting" | "closed";

export interface EventStream {
  close(): void;
}

type Frames = Readonly<Record<string, z.ZodType>>;
type Listeners<F extends Frames> = { readonly [K in keyof F]?: (frame: z.output<F[K]>) => void } & {
  readonly onState?: (state: StreamState) => void;
  /** a frame that is not what the contract says: dropped, and told here */
  readonly onMalformed?: (event: string, reason: string) => void;
};

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** The server sends something every 15 s at least (`alive` when there is nothing else). */
const SILENCE_MS = 40_000;

/** Opens a stream and keeps it open until `close`. Frames come in through their schemas. */
function openEventStream<F extends Frames>(url: string, frames: F, listeners: Listeners<F>): EventStream {
  let source: EventSource | undefined;
  let retryMs = FIRST_RETRY_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let state: StreamState | undefined;

  const tell = (next: StreamState) => {
    if (next === state) return;
    state = next;
    listeners.onState?.(next);
  };
  const heard = () => {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => reopenIn(0), SILENCE_MS);
  };
  const reopenIn = (delayMs: number) => {
    source?.close();
    clearTimeout(silenceTimer);
    clearTimeout(retryTimer);
    tell("reconnecting");
    retryTimer = setTimeout(open, delayMs);
  };
  const open = () => {
    const opened = new EventSource(url);
    source = opened;
    heard();
    opened.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
      heard();
      tell("open");
    });
    opened.addEventListener("error", () => {
      if (opened !== source) return;
      if (opened.readyState !== EventSource.CLOSED) return tell("reconnecting"); // it tries again by itself
      // Spread out, so that a restarted server is not met by every browser at once.
      reopenIn(retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
    opened.addEventListener("alive", heard);
    for (const [name, schema] of Object.entries(frames)) {
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        heard();
        take(name, schema, event.data);
      });
    }
  };
  const take = (name: string, schema: z.ZodType, text: string) => {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch (error) {
      return listeners.onMalformed?.(name, String(error));
    }
    const parsed = schema.safeParse(data);
    if (!parsed.success) return listeners.onMalformed?.(name, parsed.error.message);
    // The name picked the schema, so the listener of that name takes what it gave; the compiler cannot follow the loop.
    (listeners as Record<string, ((frame: unknown) => void) | undefined>)[name]?.(parsed.data);
  };

  tell("connecting");
  open();
  return {
    close: () => {
      clearTimeout(retryTimer);
      clearTimeout(silenceTimer);
      source?.close();
      source = undefined;
      tell("closed");
    },
  };
}

const LIVE_FRAMES = { pulse: Pulse, flow: FlowFrame, changed: Changed } as const;
const TAIL_FRAMES = { messages: TailFrame, fault: ErrorBody } as const;

/** The pulse of the whole site, what changed, and the flow graph when `flow: "1"` is asked for. */
export const openLiveStream = (
  query: Parameters<typeof api.stream>[0],
  listeners: Listeners<typeof LIVE_FRAMES>,
): EventStream => openEventStream(api.stream(query), LIVE_FRAMES, listeners);

/** New messages of one topic as they are written, decoded; `fault` says why there are none for now. */
export const openTailStream = (
  cluster: string,
  topic: string,
  query: Parameters<typeof api.tail>[2],
  listeners: Listeners<typeof TAIL_FRAMES>,
): EventStream => openEventStream(api.tail(cluster, topic, query), TAIL_FRAMES, listeners);
