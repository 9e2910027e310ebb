"use client";
import { useSyncExternalStore } from "react";

/** One timer for everything on the page that grows older. */
function ticker(stepMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = Math.floor(Date.now() / stepMs) * stepMs;
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const each of listeners) each();
      }, stepMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read: () => {
      // While nobody listens the timer rests; whole steps keep one rendering's answers alike.
      if (timer === undefined) now = Math.floor(Date.now() / stepMs) * stepMs;
      return now;
    },
  };
}
const seconds = ticker(1000);
const onServer = () => null;

/**
 * The browser's time in epoch ms, renewed every second; null while the server renders, which knows no reader's clock.
 */
export const useNow = (): number | null => useSyncExternalStore(seconds.subscribe, seconds.read, onServer);
