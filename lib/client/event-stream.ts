/**
 * Server-sent events with a connection state. Unlike EventSource, this reconnects after an HTTP error and notices when
 * a connection goes silent.
 */
import { onSite } from "./base-path.ts";
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
  /** called for a frame that does not match the contract, which is dropped */
  readonly onMalformed?: (event: string, reason: string) => void;
};

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** The server sends a frame at least every 15 s (`alive` if there is nothing else). */
const SILENCE_MS = 40_000;

/** Opens a stream and keeps it open until `close`. Every frame is validated by its schema. */
function openEventStream<F extends Frames>(url: string, frames: F, listeners: Listeners<F>): EventStream {
  let source: EventSource | undefined;
  let retryMs = FIRST_RETRY_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let state: StreamState | undefined;

  const setState = (next: StreamState) => {
    if (next === state) return;
    state = next;
    listeners.onState?.(next);
  };
  const restartSilenceTimer = () => {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => reopenIn(0), SILENCE_MS);
  };
  const reopenIn = (delayMs: number) => {
    source?.close();
    clearTimeout(silenceTimer);
    clearTimeout(retryTimer);
    setState("reconnecting");
    retryTimer = setTimeout(open, delayMs);
  };
  const open = () => {
    const opened = new EventSource(onSite(url));
    source = opened;
    restartSilenceTimer();
    opened.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
      restartSilenceTimer();
      setState("open");
    });
    opened.addEventListener("error", () => {
      if (opened !== source) return;
      if (opened.readyState !== EventSource.CLOSED) return setState("reconnecting"); // EventSource reconnects by itself
      // A random delay, so that not all browsers reconnect to a restarted server at once.
      reopenIn(retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
    opened.addEventListener("alive", restartSilenceTimer);
    for (const [name, schema] of Object.entries(frames)) {
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        restartSilenceTimer();
        receive(name, schema, event.data);
      });
    }
  };
  const receive = (name: string, schema: z.ZodType, text: string) => {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch (error) {
      return listeners.onMalformed?.(name, String(error));
    }
    const parsed = schema.safeParse(data);
    if (!parsed.success) return listeners.onMalformed?.(name, parsed.error.message);
    // The listener of this name accepts what the schema of the same name returns; the compiler cannot infer that.
    (listeners as Record<string, ((frame: unknown) => void) | undefined>)[name]?.(parsed.data);
  };

  setState("connecting");
  open();
  return {
    close: () => {
      clearTimeout(retryTimer);
      clearTimeout(silenceTimer);
      source?.close();
      source = undefined;
      setState("closed");
    },
  };
}

const LIVE_FRAMES = { pulse: Pulse, flow: FlowFrame, changed: Changed } as const;
const TAIL_FRAMES = { messages: TailFrame, fault: ErrorBody } as const;

/** Pulses, the names of changed data, and the flow graph if the query has `flow: "1"`. */
export const openLiveStream = (
  query: Parameters<typeof api.stream>[0],
  listeners: Listeners<typeof LIVE_FRAMES>,
): EventStream => openEventStream(api.stream(query), LIVE_FRAMES, listeners);

/** New messages of one topic as they are written, decoded; `fault` gives the reason while there are none. */
export const openTailStream = (
  cluster: string,
  topic: string,
  query: Parameters<typeof api.tail>[2],
  listeners: Listeners<typeof TAIL_FRAMES>,
): EventStream => openEventStream(api.tail(cluster, topic, query), TAIL_FRAMES, listeners);
