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
    if (query.error === null) return skeleton ?? <SkeletonRows />;
    if (query.error instanceof ApiError && query.error.code === "not_found") return <EmptyState icon={SearchX} title="Not found">{query.error.message}</EmptyState>;
    return <ErrorPanel title={`${what} could not be read`} error={query.error} onRetry={retry} />;
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
