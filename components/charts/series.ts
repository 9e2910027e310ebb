/** What a chart over time draws. */
export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** A CSS colour, preferably a token: `var(--acc)`. */
  readonly color: string;
  readonly kind?: "line" | "area" | "bar";
  /** Series with the same name are stacked. */
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
  /** The accessible name. */
  readonly label: string;
  readonly height?: number;
  readonly format?: (value: number) => string;
  /** Labelled vertical lines, at epoch ms. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}
