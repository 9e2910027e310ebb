import { openLiveStream, type EventStream, type StreamState } from "#lib/client/event-stream.ts";
import type { FlowGraphView, FlowQuery } from "#lib/contracts/flow.ts";
import type { Changed, Pulse } from "#lib/contracts/stream.ts";

export interface LiveSnapshot {
  readonly connection: StreamState;
  readonly pulse: Pulse | null;
  /** when the last frame of any kind arrived, in this browser's epoch ms */
  readonly lastFrameAtMs: number | null;
}
export type FlowFilter = Partial<Omit<FlowQuery, "at">>;
interface FlowWatch {
  readonly filter: FlowFilter;
  readonly onFrame: (graph: FlowGraphView) => void;
}

/** One event stream for all components of the page: browsers open at most six connections to a host. */
export interface LiveStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => LiveSnapshot;
  /** Subscribes to the flow graph too; the stream reopens when the filter changes. */
  readonly watchFlow: (watch: FlowWatch) => () => void;
  readonly onChanged: (listener: (changed: Changed) => void) => () => void;
  readonly start: () => () => void;
}

export const DISCONNECTED: LiveSnapshot = { connection: "connecting", pulse: null, lastFrameAtMs: null };

export function createLiveStore(): LiveStore {
  const listeners = new Set<() => void>();
  const changedListeners = new Set<(changed: Changed) => void>();
  let snapshot: LiveSnapshot = DISCONNECTED;
  let stream: EventStream | undefined;
  let opened = "";
  let watch: FlowWatch | undefined;
  let users = 0;
  let queued = false;

  const set = (next: Partial<LiveSnapshot>) => {
    snapshot = { ...snapshot, ...next };
    for (const listener of listeners) listener();
  };
  const settle = () => {
    queued = false;
    const wanted = users === 0 ? "" : JSON.stringify(watch?.filter ?? null);
    if (wanted === opened) return;
    opened = wanted;
    stream?.close();
    stream = undefined;
    if (users === 0) return;
    stream = openLiveStream(watch ? { ...watch.filter, flow: "1" } : {}, {
      pulse: (pulse) => set({ pulse, lastFrameAtMs: Date.now() }),
      flow: (graph) => {
        set({ lastFrameAtMs: Date.now() });
        watch?.onFrame(graph);
      },
      changed: (changed) => {
        for (const listener of changedListeners) listener(changed);
      },
      onState: (connection) => set({ connection }),
      onMalformed: (event, reason) => console.warn(`Ignored a malformed ${event} frame: ${reason.slice(0, 300)}`),
    });
  };
  // When one page replaces another, its watch ends and the next begins: reopen once, not twice.
  const settleSoon = () => {
    if (queued) return;
    queued = true;
    setTimeout(settle, 30);
  };

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => snapshot,
    watchFlow: (next) => {
      watch = next;
      settleSoon();
      return () => {
        if (watch === next) watch = undefined;
        settleSoon();
      };
    },
    onChanged: (listener) => {
      changedListeners.add(listener);
      return () => changedListeners.delete(listener);
    },
    start: () => {
      users += 1;
      settleSoon();
      return () => {
        users -= 1;
        settleSoon();
      };
    },
  };
}
