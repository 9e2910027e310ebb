import { openLiveStream, type EventStream, type StreamState } from "#lib/client/event-stream.ts";
import type { FlowGraphView, FlowQuery } from "#lib/contracts/flow.ts";
import type { Changed, Pulse } from "#lib/contracts/stream.ts";

export interface LiveSnapshot {
  readonly line: StreamState;
  readonly pulse: Pulse | null;
  /** when the last frame of any kind came, in this browser's epoch ms */
  readonly heardAtMs: number | null;
}
export type FlowFilter = Partial<Omit<FlowQuery, "at">>;
interface FlowWatch {
  readonly filter: FlowFilter;
  readonly onFrame: (graph: FlowGraphView) => void;
}

/** One event stream for the whole page, whoever listens: browsers open only six connections to a host. */
export interface LiveStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => LiveSnapshot;
  /** Asks for the flow graph too; reopens the stream when the filter is another one. */
  readonly watchFlow: (watch: FlowWatch) => () => void;
  readonly onChanged: (listener: (changed: Changed) => void) => () => void;
  readonly start: () => () => void;
}

export const SILENT: LiveSnapshot = { line: "connecting", pulse: null, heardAtMs: null };

export function createLiveStore(): LiveStore {
  const listeners = new Set<() => void>();
  const changedListeners = new Set<(changed: Changed) => void>();
  let now: LiveSnapshot = SILENT;
  let stream: EventStream | undefined;
  let opened = "";
  let watch: FlowWatch | undefined;
  let users = 0;
  let queued = false;

  const set = (next: Partial<LiveSnapshot>) => {
    now = { ...now, ...next };
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
      pulse: (pulse) => set({ pulse, heardAtMs: Date.now() }),
      flow: (graph) => {
        set({ heardAtMs: Date.now() });
        watch?.onFrame(graph);
      },
      changed: (changed) => {
        for (const listener of changedListeners) listener(changed);
      },
      onState: (line) => set({ line }),
      onMalformed: (event, reason) =>
        console.warn(`A ${event} frame was not understood and is left out: ${reason.slice(0, 300)}`),
    });
  };
  // A page that replaces another takes its watch away and brings its own: one reopening, not two.
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
    snapshot: () => now,
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
