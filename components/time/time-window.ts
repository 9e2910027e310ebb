"use client";
import { useQueryState } from "nuqs";
import { TIME_PARSERS, clampMinutes } from "./time-query.ts";

export const MINUTE_MS = 60_000;
export const WINDOWS_MINUTES = [15, 30, 60, 180, 360, 1440] as const;

/** The time range of charts, in minutes back from now. In the address as `minutes`. */
export function useTimeWindow(): readonly [minutes: number, set: (minutes: number) => void] {
  const [minutes, set] = useQueryState("minutes", TIME_PARSERS.minutes);
  return [clampMinutes(minutes), (next) => void set(next)];
}

/** The time that the page shows; null: live. In the address as `at`. */
export function useAt(): readonly [at: Date | null, set: (at: Date | null) => void] {
  const [at, set] = useQueryState("at", TIME_PARSERS.at);
  return [at, (next) => void set(next)];
}
