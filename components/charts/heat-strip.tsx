interface HeatStripProps {
  /** One number per step, oldest first. */
  readonly values: readonly number[];
  /** What it shows: "Commits of orders[3], 30 min". */
  readonly label: string;
  /**
   * Draws the empty steps after the last non-empty one in red: something should have moved there. Earlier empty steps
   * may only mean that nothing was measured.
   */
  readonly alarm?: boolean;
  readonly width?: number;
}
const STEPS = 30;
const GAP = 1;

/** Activity per step as a strip of cells, brighter for more. */
export function HeatStrip({ values, label, alarm = false, width = 150 }: HeatStripProps) {
  const cells = resample(values, STEPS);
  const highest = Math.max(1e-9, ...cells);
  const cell = width / STEPS;
  const lastActive = cells.findLastIndex((value) => value > 0);
  const isRed = (index: number) => alarm && index > lastActive;
  return (
    <svg width={width} height={14} role="img" aria-label={label} className="block">
      {cells.map((value, index) => (
        <rect
          key={index}
          x={index * cell}
          y={2}
          width={cell - GAP}
          height={10}
          rx={1}
          fill={value > 0 ? "var(--heat)" : isRed(index) ? "var(--bad-strong)" : "var(--line2)"}
          opacity={value > 0 ? 0.45 + 0.55 * Math.sqrt(value / highest) : isRed(index) ? 0.85 : 0.6}
        />
      ))}
    </svg>
  );
}

function resample(values: readonly number[], steps: number): number[] {
  if (values.length <= steps) return [...Array.from({ length: steps - values.length }, () => 0), ...values];
  return Array.from({ length: steps }, (_, step) => {
    const part = values.slice(
      Math.floor((step * values.length) / steps),
      Math.floor(((step + 1) * values.length) / steps),
    );
    return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
  });
}
