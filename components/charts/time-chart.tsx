"use client";
import dynamic from "next/dynamic";
import type { TimeChartProps } from "./series.ts";

// The chart library has a third of a megabyte: the page shows everything else before it is loaded.
const Drawing = dynamic(() => import("./time-chart-drawing.tsx").then((module) => module.TimeChartDrawing), {
  ssr: false,
});

/** Values over time. */
export function TimeChart({ height = 140, ...rest }: TimeChartProps) {
  if (rest.points.length === 0)
    return (
      <p className="grid place-items-center text-dim" style={{ height }}>
        No data in this time range.
      </p>
    );
  return (
    <div role="img" aria-label={rest.label} style={{ height }} className="min-w-0 text-2xs">
      <Drawing height={height} {...rest} />
    </div>
  );
}
