import { cn } from "./cn.ts";

/** A placeholder for content that is loading. */
export const Skeleton = ({ className }: { readonly className?: string }) => (
  <div aria-hidden className={cn("animate-pulse rounded-md bg-raise", className)} />
);

/** Placeholder rows of a table that is loading. */
export function SkeletonRows({ rows = 8, className }: { readonly rows?: number; readonly className?: string }) {
  return (
    <div className={cn("flex flex-col", className)} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-8 items-center border-b px-2.5">
          <Skeleton className={row % 3 === 0 ? "h-3 w-2/5" : row % 3 === 1 ? "h-3 w-3/5" : "h-3 w-1/2"} />
        </div>
      ))}
    </div>
  );
}
