import { useEffect, useRef, useState } from "react";
import { openTailStream, type StreamState } from "#lib/client/event-stream.ts";
import type { MessageView } from "#lib/contracts/events.ts";

const KEPT = 200;
/** Frames can arrive faster than people can read: the list is drawn at most this often. */
const DRAW_EVERY_MS = 250;

export interface Tail {
  /** newest first, at most 200 */
  readonly items: readonly MessageView[];
  readonly state: StreamState;
  readonly fault: string | null;
  /** received while paused, or dropped by the server because they came too fast */
  readonly skipped: number;
  readonly received: number;
}
const EMPTY: Tail = { items: [], state: "connecting", fault: null, skipped: 0, received: 0 };

/** New messages of a topic while `on`. Pausing keeps the list and counts the messages that are not shown. */
export function useTail(cluster: string, topic: string, partition: number | null, on: boolean, paused: boolean): Tail {
  const [tail, setTail] = useState<Tail>(EMPTY);
  const pausedNow = useRef(paused);
  useEffect(() => {
    pausedNow.current = paused;
  }, [paused]);
  useEffect(() => {
    if (!on) return;
    let current: Tail = EMPTY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const set = (change: Partial<Tail>) => {
      current = { ...current, ...change };
      timer ??= setTimeout(() => {
        timer = undefined;
        setTail(current);
      }, DRAW_EVERY_MS);
    };
    set({});
    const stream = openTailStream(cluster, topic, partition === null ? {} : { partition }, {
      messages: (frame) => {
        const received = current.received + frame.items.length + frame.skipped;
        if (pausedNow.current)
          return set({ received, skipped: current.skipped + frame.items.length + frame.skipped, fault: null });
        set({
          received,
          skipped: current.skipped + frame.skipped,
          fault: null,
          items: [...frame.items.toReversed(), ...current.items].slice(0, KEPT),
        });
      },
      fault: (body) => set({ fault: body.error.message }),
      onState: (state) => set({ state }),
      onMalformed: (event, reason) => console.warn(`Ignored a malformed ${event} frame: ${reason.slice(0, 300)}`),
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [cluster, topic, partition, on]);
  return tail;
}
