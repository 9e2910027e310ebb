"use client";
import { useSyncExternalStore } from "react";
import type { TimeZoneChoice } from "#components/ui/format.ts";

const KEY = "flowtap.zone";
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  globalThis.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    globalThis.removeEventListener("storage", listener);
  };
};
const read = (): TimeZoneChoice => {
  try {
    return localStorage.getItem(KEY) === "utc" ? "utc" : "local";
  } catch {
    return "local"; // this browser forbids storage
  }
};

/** Whether times are shown in UTC or local time: the reader's choice, stored in the browser. */
export function useZone(): readonly [TimeZoneChoice, (zone: TimeZoneChoice) => void] {
  const zone = useSyncExternalStore(subscribe, read, (): TimeZoneChoice => "utc");
  return [zone, choose];
}
function choose(zone: TimeZoneChoice) {
  try {
    localStorage.setItem(KEY, zone);
  } catch {
    return; // nothing to store it in: times stay local
  }
  for (const listener of listeners) listener();
}
