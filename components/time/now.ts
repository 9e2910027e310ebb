"use client";
import { useSyncExternalStore } from "react";

/** One timer for every relative time on the page. */
function ticker(stepMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = Math.floor(Date.now() / stepMs) * stepMs;
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const listener of listeners) listener();
      }, stepMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read: () => {
      // Without listeners no timer runs; rounding down makes all reads of one rendering equal.
      if (timer === undefined) now = Math.floor(Date.now() / stepMs) * stepMs;
      return now;
    },
  };
}
const seconds = ticker(1000);
const onServer = () => null;

/**
 * The browser's time in epoch ms, updated every second; null on the server, which does not know the reader's clock.
 */
export const useNow = (): number | null => useSyncExternalStore(seconds.subscribe, seconds.read, onServer);
