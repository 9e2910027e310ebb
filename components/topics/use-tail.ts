import { useEffect, useRef, useState } from "react";
import { openTailStream, type StreamState } from "#lib/client/event-stream.ts";
import type { MessageView } from "#lib/contracts/events.ts";

const KEPT = 200;
/** Frames may come faster than eyes: the list is drawn this often at most. */
const DRAW_EVERY_MS = 250;

export interface Tail {
  /** newest first, at most 200 */
  readonly items: readonly MessageView[];
  readonly state: StreamState;
  readonly fault: string | null;
  /** came while paused, or faster than can be shown */
  readonly skipped: number;
  readonly received: number;
}
const EMPTY: Tail = { items: [], state: "connecting", fault: null, skipped: 0, received: 0 };

/** New messages of a topic while `on`. Pausing keeps what is shown and counts what passes by. */
export function useTail(cluster: string, topic: string, partition: number | null, on: boolean, paused: boolean): Tail {
  const [tail, setTail] = useState<Tail>(EMPTY);
  const pausedNow = useRef(paused);
  useEffect(() => {
    pausedNow.current = paused;
  }, [paused]);
  useEffect(() => {
    if (!on) return;
    let now: Tail = EMPTY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const set = (change: Partial<Tail>) => {
      now = { ...now, ...change };
      timer ??= setTimeout(() => {
        timer = undefined;
        setTail(now);
      }, DRAW_EVERY_MS);
    };
    set({});
    const stream = openTailStream(cluster, topic, partition === null ? {} : { partition }, {
      messages: (frame) => {
        const received = now.received + frame.items.length + frame.skipped;
        if (pausedNow.current)
          return set({ received, skipped: now.skipped + frame.items.length + frame.skipped, fault: null });
        set({
          received,
          skipped: now.skipped + frame.skipped,
          fault: null,
          items: [...frame.items.toReversed(), ...now.items].slice(0, KEPT),
        });
      },
      fault: (body) => set({ fault: body.error.message }),
      onState: (state) => set({ state }),
      onMalformed: (event, reason) =>
        console.warn(`A ${event} frame was not understood and is left out: ${reason.slice(0, 300)}`),
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [cluster, topic, partition, on]);
  return tail;
}
