"use client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import type { Pulse } from "#lib/contracts/stream.ts";
import { SILENT, createLiveStore, type FlowFilter, type LiveSnapshot, type LiveStore } from "./live-store.ts";

const Live = createContext<LiveStore | null>(null);
/** Lists are read again once a second at most, however often they change. */
const RENEW_EVERY_MS = 1000;

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createLiveStore);
  const client = useQueryClient();
  useEffect(() => store.start(), [store]);
  useEffect(() => {
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      timer = undefined;
      for (const noun of waiting) void client.invalidateQueries({ queryKey: [noun] });
      waiting.clear();
    };
    const stop = store.onChanged(({ nouns }) => {
      for (const noun of nouns) waiting.add(noun);
      timer ??= setTimeout(renew, RENEW_EVERY_MS);
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
  if (!store) throw new Error("No LiveProvider stands above this component.");
  return store;
}

/** The state of the line to the server and the last pulse that came over it. */
export function useLive(): LiveSnapshot {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.snapshot, () => SILENT);
}

/** What the whole site is doing now; null until the first pulse. */
export const usePulse = (): Pulse | null => useLive().pulse;

/** Gives each live graph of this filter to `onFrame`, while `on`. Pass a stable `onFrame`. */
export function useFlowFrames(filter: FlowFilter, on: boolean, onFrame: (graph: FlowGraphView) => void): void {
  const store = useStore();
  const text = JSON.stringify(filter);
  useEffect(
    () => (on ? store.watchFlow({ filter: JSON.parse(text) as FlowFilter, onFrame }) : undefined),
    [store, text, on, onFrame],
  );
}
