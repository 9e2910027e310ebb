"use client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import type { Pulse } from "#lib/contracts/stream.ts";
import { DISCONNECTED, createLiveStore, type FlowFilter, type LiveSnapshot, type LiveStore } from "./live-store.ts";

const Live = createContext<LiveStore | null>(null);
/** Lists are refetched at most once a second, however often they change. */
const REFETCH_EVERY_MS = 1000;

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createLiveStore);
  const client = useQueryClient();
  useEffect(() => store.start(), [store]);
  useEffect(() => {
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refetch = () => {
      timer = undefined;
      for (const noun of changed) void client.invalidateQueries({ queryKey: [noun] });
      changed.clear();
    };
    const stop = store.onChanged(({ nouns }) => {
      for (const noun of nouns) changed.add(noun);
      timer ??= setTimeout(refetch, REFETCH_EVERY_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, client]);
  return <Live value={store}>{children}</Live>;
}

function useStore(): LiveStore {
  const store = use(Live);
  if (!store) throw new Error("This component needs a LiveProvider above it.");
  return store;
}

/** The state of the connection to the server and the last pulse it delivered. */
export function useLive(): LiveSnapshot {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.snapshot, () => DISCONNECTED);
}

/** The current counts of the whole site; null until the first pulse. */
export const usePulse = (): Pulse | null => useLive().pulse;

/** Calls `onFrame` with each live graph of this filter while `on`. Pass a stable `onFrame`. */
export function useFlowFrames(filter: FlowFilter, on: boolean, onFrame: (graph: FlowGraphView) => void): void {
  const store = useStore();
  const text = JSON.stringify(filter);
  useEffect(
    () => (on ? store.watchFlow({ filter: JSON.parse(text) as FlowFilter, onFrame }) : undefined),
    [store, text, on, onFrame],
  );
}
