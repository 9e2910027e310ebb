import { Skeleton } from "#components/ui/skeleton.tsx";

/** A placeholder in the shape of the page of a group. */
export const GroupSkeleton = () => (
  <div className="flex flex-col gap-3.5" role="status" aria-label="Loading">
    <Skeleton className="h-24" />
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      {Array.from({ length: 5 }, (_, i) => (
        <Skeleton key={i} className="h-20" />
      ))}
    </div>
    <Skeleton className="h-9 w-96 max-w-full" />
    <div className="grid gap-3 lg:grid-cols-2">
      <Skeleton className="h-44" />
      <Skeleton className="h-44" />
    </div>
    <Skeleton className="h-64" />
  </div>
);
