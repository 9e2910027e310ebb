"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { clock } from "#components/ui/format.ts";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ApiError } from "#lib/client/fetch-json.ts";

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** What could not be read: "The groups" */
  readonly what: string;
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}
/** The four states of an answer: coming, here, here but old, refused. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    // A refusal is told while it is asked again: three tries take seconds, and someone is waiting.
    const refusal = query.error ?? query.failureReason;
    if (refusal === null) return skeleton ?? <SkeletonRows />;
    if (refusal instanceof ApiError && refusal.code === "not_found")
      return (
        <EmptyState icon={SearchX} title="Not found">
          {refusal.message}
        </EmptyState>
      );
    return <ErrorPanel title={`${what} could not be read`} error={refusal} onRetry={retry} />;
  }
  return (
    <>
      {query.error !== null && (
        <ErrorPanel title={`${what} could not be read again`} error={query.error} onRetry={retry}>
          What stands below is from {clock(query.dataUpdatedAt, "local")}.
        </ErrorPanel>
      )}
      {children(query.data)}
    </>
  );
}
