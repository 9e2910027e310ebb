"use client";
import { useSyncExternalStore } from "react";

/** Whether a media query matches; `onServer` is the value on the server. */
export function useMedia(query: string, onServer: boolean): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
    () => onServer,
  );
}
