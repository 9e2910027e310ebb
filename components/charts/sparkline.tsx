interface SparklineProps {
  /** One number for each step, oldest first; null, where it is not known, leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  readonly tone?: "neutral" | "warn" | "bad";
  /** What it shows: "Lag over the last 30 min". */
  readonly label: string;
}
const STROKE = { neutral: "var(--edge-dot)", warn: "var(--warn)", bad: "var(--bad-strong)" } as const;

/** A trend without axes, for a table's cell. */
export function Sparkline({ values, width = 96, height = 20, tone = "neutral", label }: SparklineProps) {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length < 2) return <span className="text-dim">–</span>;
  const top = Math.max(...known);
  const low = Math.min(0, ...known);
  const y = (value: number) => (height - 1.5 - ((value - low) / (top - low || 1)) * (height - 3)).toFixed(1);
  const x = (index: number) => ((index / (values.length - 1)) * width).toFixed(1);
  const runs = knownRuns(values);
  const gaps = values.length - known.length;
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={gaps === 0 ? label : `${label}; not known in ${gaps} of ${values.length} steps`}
      className="block overflow-visible"
    >
      {runs.map(({ from, values: run }) => {
        const line = run.map((value, i) => `${i === 0 ? "M" : "L"}${x(from + i)} ${y(value)}`).join("");
        const end = from + run.length - 1;
        return (
          <g key={from}>
            <path d={`${line}L${x(end)} ${height}L${x(from)} ${height}Z`} fill={STROKE[tone]} opacity={0.12} />
            {/* A single known step is a point: a line of no length with round ends. */}
            <path
              d={run.length === 1 ? `${line}h0` : line}
              fill="none"
              stroke={STROKE[tone]}
              strokeWidth={run.length === 1 ? 2 : 1.3}
              strokeLinejoin="round"
              strokeLinecap={run.length === 1 ? "round" : "butt"}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** The stretches without a gap. */
function knownRuns(values: readonly (number | null)[]): { readonly from: number; readonly values: number[] }[] {
  const runs: { from: number; values: number[] }[] = [];
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) return;
    const last = runs.at(-1);
    if (last && last.from + last.values.length === index) last.values.push(value);
    else runs.push({ from: index, values: [value] });
  });
  return runs;
}
