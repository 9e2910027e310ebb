import type { ChartPoint, ChartSeries } from "#components/charts/series.ts";
import type { TopicView } from "#lib/contracts/topics.ts";

/** Neutral colours: the others are for states. More types than colours are shown as one series. */
const COLOURS = [
  "var(--acc)",
  "var(--edge)",
  "var(--edge-dot)",
  "var(--heat)",
  "var(--bar)",
  "var(--mut)",
  "var(--dim)",
] as const;
const OTHERS = "others";

/**
 * Rates per second of the most frequent event types, as stacked areas. Keys are numbers, so that a name from a broker
 * is never an object key.
 */
export function typeSeries(view: Pick<TopicView, "series" | "stepSeconds">): {
  readonly points: readonly ChartPoint[];
  readonly series: readonly ChartSeries[];
} {
  const totals = new Map<string, number>();
  for (const step of view.series)
    for (const [type, events] of Object.entries(step.byType)) totals.set(type, (totals.get(type) ?? 0) + events);
  const ranked = [...totals].toSorted((a, b) => b[1] - a[1]).map(([type]) => type);
  const named = ranked.slice(0, ranked.length > COLOURS.length ? COLOURS.length - 1 : COLOURS.length);
  const rest = ranked.slice(named.length);
  const series: ChartSeries[] = [...named, ...(rest.length > 0 ? [OTHERS] : [])].map((type, i) => ({
    key: `t${i}`,
    label: type === "" ? "unknown type" : type === OTHERS && rest.length > 0 ? `${rest.length} others` : type,
    color: COLOURS[i] ?? "var(--dim)",
    kind: "area",
    stack: "types",
  }));
  const points = view.series.map((step) => ({
    at: Date.parse(step.at),
    ...Object.fromEntries(named.map((type, i) => [`t${i}`, (step.byType[type] ?? 0) / view.stepSeconds])),
    ...(rest.length > 0 && {
      [`t${named.length}`]: rest.reduce((sum, type) => sum + (step.byType[type] ?? 0), 0) / view.stepSeconds,
    }),
  }));
  return { points, series };
}
