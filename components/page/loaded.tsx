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
  /** The subject of error messages: "The groups" */
  readonly what: string;
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}
/** The four states of a query: loading, loaded, outdated, failed. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    // Show the error while the query is still retried: three attempts take seconds.
    const failure = query.error ?? query.failureReason;
    if (failure === null) return skeleton ?? <SkeletonRows />;
    if (failure instanceof ApiError && failure.code === "not_found")
      return (
        <EmptyState icon={SearchX} title="Not found">
          {failure.message}
        </EmptyState>
      );
    return <ErrorPanel title={`${what} could not be loaded`} error={failure} onRetry={retry} />;
  }
  return (
    <>
      {query.error !== null && (
        <ErrorPanel title={`${what} could not be refreshed`} error={query.error} onRetry={retry}>
          The data below is from {clock(query.dataUpdatedAt, "local")}.
        </ErrorPanel>
      )}
      {children(query.data)}
    </>
  );
}
