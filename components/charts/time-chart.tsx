"use client";
import dynamic from "next/dynamic";

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** A CSS colour, a token by preference: `var(--acc)`. */
  readonly color: string;
  readonly kind?: "line" | "area" | "bar";
  /** Series with the same name stand on each other. */
  readonly stack?: string;
}
export interface ChartPoint {
  readonly at: number;
  readonly [key: string]: number | null;
}
export interface TimeChartProps {
  /** `at` in epoch ms, oldest first; null leaves a gap. */
  readonly points: readonly ChartPoint[];
  readonly series: readonly ChartSeries[];
  /** Said to those who do not see it. */
  readonly label: string;
  readonly height?: number;
  readonly format?: (value: number) => string;
  /** Moments worth a line, with a word. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}

// The chart library is a third of a megabyte: a page is there, and says what it knows, before it comes.
const Drawing = dynamic(() => import("./time-chart-drawing.tsx").then((module) => module.TimeChartDrawing), {
  ssr: false,
});

/** Values over time. */
export function TimeChart({ height = 140, ...rest }: TimeChartProps) {
  if (rest.points.length === 0)
    return (
      <p className="grid place-items-center text-dim" style={{ height }}>
        Nothing in this time.
      </p>
    );
  return (
    <div role="img" aria-label={rest.label} style={{ height }} className="min-w-0 text-2xs">
      <Drawing height={height} {...rest} />
    </div>
  );
}
