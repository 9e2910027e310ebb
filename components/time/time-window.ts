"use client";
import { parseAsInteger, parseAsIsoDateTime, useQueryState } from "nuqs";

export const WINDOWS_MINUTES = [15, 30, 60, 180, 360, 1440] as const;
const DEFAULT_MINUTES = 30;

/** How far back charts look, in minutes. Lives in the URL as `minutes`. */
export function useTimeWindow(): readonly [minutes: number, set: (minutes: number) => void] {
  const [raw, set] = useQueryState("minutes", parseAsInteger.withDefault(DEFAULT_MINUTES));
  const minutes = Math.min(1440, Math.max(5, raw));
  return [minutes, (next) => void set(next)];
}

/** The moment looked at; null: now, live. Lives in the URL as `at`. */
export function useAt(): readonly [at: Date | null, set: (at: Date | null) => void] {
  const [at, set] = useQueryState("at", parseAsIsoDateTime);
  return [at, (next) => void set(next)];
}
