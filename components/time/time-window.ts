"use client";
import { useQueryState } from "nuqs";
import { TIME_PARSERS, clampMinutes } from "./asked-time.ts";

export const WINDOWS_MINUTES = [15, 30, 60, 180, 360, 1440] as const;

/** How far back charts look, in minutes. Lives in the URL as `minutes`. */
export function useTimeWindow(): readonly [minutes: number, set: (minutes: number) => void] {
  const [minutes, set] = useQueryState("minutes", TIME_PARSERS.minutes);
  return [clampMinutes(minutes), (next) => void set(next)];
}

/** The moment looked at; null: now, live. Lives in the URL as `at`. */
export function useAt(): readonly [at: Date | null, set: (at: Date | null) => void] {
  const [at, set] = useQueryState("at", TIME_PARSERS.at);
  return [at, (next) => void set(next)];
}
