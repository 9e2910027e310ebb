"use client";
import { useSearchParams } from "next/navigation";

/** The part of the address that links between pages keep: the time range and the time shown. */
export function usePageState(): { readonly minutes: string | null; readonly at: string | null } {
  const search = useSearchParams();
  return { minutes: search.get("minutes"), at: search.get("at") };
}
