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
    return "local"; // storage is forbidden in this browser
  }
};

/** Whether times read in UTC or the reader's own zone: a choice of the reader's, kept in the browser. */
export function useZone(): readonly [TimeZoneChoice, (zone: TimeZoneChoice) => void] {
  const zone = useSyncExternalStore(subscribe, read, (): TimeZoneChoice => "utc");
  return [zone, choose];
}
function choose(zone: TimeZoneChoice) {
  try {
    localStorage.setItem(KEY, zone);
  } catch {
    return; // nowhere to keep it; times stay local
  }
  for (const listener of listeners) listener();
}
