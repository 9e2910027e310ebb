interface SparklineProps {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly tone?: "neutral" | "warn" | "bad";
  /** What it shows: "Lag over the last 30 min". */
  readonly label: string;
}
const STROKE = { neutral: "var(--edge-dot)", warn: "var(--warn)", bad: "var(--bad-strong)" } as const;

/** A trend without axes, for a table's cell. */
export function Sparkline({ values, width = 96, height = 20, tone = "neutral", label }: SparklineProps) {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) return <span className="text-dim">–</span>;
  const top = Math.max(...finite);
  const low = Math.min(0, ...finite);
  const y = (value: number) => height - 1.5 - ((value - low) / (top - low || 1)) * (height - 3);
  const x = (index: number) => (index / (finite.length - 1)) * width;
  const line = finite
    .map((value, index) => `${index === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
    .join("");
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className="block overflow-visible"
    >
      <path d={`${line}L${width} ${height}L0 ${height}Z`} fill={STROKE[tone]} opacity={0.12} />
      <path d={line} fill="none" stroke={STROKE[tone]} strokeWidth={1.3} strokeLinejoin="round" />
    </svg>
  );
}
