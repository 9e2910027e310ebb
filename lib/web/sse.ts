/** Server-sent events over a web stream: pulled, so a slow reader slows its own frames and nobody else's. */
export interface SseFrame {
  readonly event: string;
  readonly data: unknown;
  /** already serialised, when several readers get the same */
  readonly text?: string;
}

export interface SseOptions {
  readonly signal: AbortSignal;
  readonly keepAliveMs?: number;
  /** a planned end: the browser comes back by itself, perhaps to another web process */
  readonly endAfterMs?: number;
  /** called once, however the stream ends */
  readonly onEnd?: () => void;
}

const RETRY_MS = 1000;
/** Who has not read its end by then does not read at all. */
const MOST_UNTAKEN_MS = 30_000;

/** Everything that can be refused must have been refused before this is called: the answer begins with status 200. */
export function sseResponse(
  frames: AsyncIterator<SseFrame>,
  { signal, keepAliveMs = 15_000, endAfterMs = 10 * 60_000, onEnd }: SseOptions,
): Response {
  const encoder = new TextEncoder();
  // Spread out, so that streams begun together do not end together.
  const endAt = Date.now() + endAfterMs * (0.8 + Math.random() * 0.4);
  let id = 0;
  let pending: Promise<IteratorResult<SseFrame, unknown>> | undefined;
  let overdue: NodeJS.Timeout | undefined;
  let ended = false;
  const end = (controller?: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(overdue);
    if (!ended) {
      ended = true;
      void frames.return?.();
      onEnd?.();
    }
    try {
      controller?.close();
    } catch {
      // The reader closed it first.
    }
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        // A reader that left before the answer began tells of it no more.
        if (signal.aborted) return end(controller);
        signal.addEventListener("abort", () => end(controller), { once: true });
        // A reader that takes nothing asks for nothing either, so its end would never be looked at.
        overdue = setTimeout(
          () => {
            controller.error(new Error("nobody reads this stream"));
            end();
          },
          endAt - Date.now() + MOST_UNTAKEN_MS,
        ).unref();
        controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`));
      },
      pull: async (controller) => {
        pending ??= frames.next();
        const quiet = wait(Math.min(keepAliveMs, Math.max(0, endAt - Date.now())));
        const next = await Promise.race([pending, quiet.promise]);
        quiet.cancel();
        if (signal.aborted) return;
        if (next === undefined) {
          if (Date.now() >= endAt) return end(controller);
          return controller.enqueue(encoder.encode("event: alive\ndata: {}\n\n"));
        }
        pending = undefined;
        if (next.done) return end(controller);
        const { event, data, text } = next.value;
        controller.enqueue(encoder.encode(`id: ${++id}\nevent: ${event}\ndata: ${text ?? JSON.stringify(data)}\n\n`));
      },
      cancel: () => end(),
    },
    { highWaterMark: 1 },
  );
  // no-transform keeps compression from holding frames back; x-accel-buffering does the same for nginx.
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

function wait(ms: number): { promise: Promise<undefined>; cancel: () => void } {
  let timer: NodeJS.Timeout;
  const promise = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
