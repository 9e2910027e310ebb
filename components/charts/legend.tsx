/** Dots and words beside a chart's title. */
export function ChartLegend({
  series,
}: {
  readonly series: readonly { readonly key: string; readonly label: string; readonly color: string }[];
}) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {series.map((one) => (
        <span key={one.key} className="flex items-center gap-1.5 text-xs text-mut">
          <i aria-hidden className="size-[7px] rounded-full" style={{ background: one.color }} />
          <bdi className="max-w-40 truncate">{one.label}</bdi>
        </span>
      ))}
    </span>
  );
}
