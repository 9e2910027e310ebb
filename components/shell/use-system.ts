"use client";
import { usePulse } from "./live.tsx";

/** What kind of broker a cluster is, once the page has heard of it: for what is offered of one kind only. */
export const useSystem = (cluster: string): string | null =>
  usePulse()?.clusters.find(({ name }) => name === cluster)?.system ?? null;
