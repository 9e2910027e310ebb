import { Skeleton } from "#components/ui/skeleton.tsx";

/** A placeholder in the shape of a graph. */
export const GraphSkeleton = () => (
  <div
    role="status"
    aria-label="Loading the graph"
    className="absolute inset-0 grid grid-cols-4 items-center justify-items-center gap-6 p-24"
  >
    {[3, 2, 4, 2].map((boxes, column) => (
      <div key={column} className="flex flex-col gap-14">
        {Array.from({ length: boxes }, (_, row) => (
          <Skeleton key={row} className={column % 2 === 0 ? "h-[54px] w-36" : "h-10 w-32 rounded-full"} />
        ))}
      </div>
    ))}
  </div>
);
