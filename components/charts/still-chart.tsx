import { clock, compact, type TimeZoneChoice } from "#components/ui/format.ts";

interface StillChartProps {
  /** epoch ms; null leaves a gap */
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
  /** The accessible name. */
  readonly label: string;
  readonly colour: string;
  readonly format?: (value: number) => string;
  /** A shaded range, in epoch ms. */
  readonly span?: readonly [number, number];
  /** Lines without labels, at epoch ms. */
  readonly marks?: readonly number[];
  readonly zone: TimeZoneChoice;
}
const WIDTH = 520;
const HEIGHT = 110;
const LEFT = 46;
const TOP = 8;
const BOTTOM = 18;

/** A static chart, drawn into the page itself, so that it prints as it is shown. */
export function StillChart({ points, label, colour, format = compact, span, marks = [], zone }: StillChartProps) {
  const first = points[0]?.at ?? 0;
  const last = Math.max(first + 1, points.at(-1)?.at ?? 1);
  const most = Math.max(1e-9, ...points.map(({ value }) => value ?? 0));
  const x = (at: number) =>
    LEFT + ((Math.min(last, Math.max(first, at)) - first) / (last - first)) * (WIDTH - LEFT - 2);
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  let line = "";
  let pen = "M";
  for (const { at, value } of points) {
    if (value === null) pen = "M";
    else {
      line += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  }
  const text = { fontSize: 10, fill: "var(--dim)" } as const;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className="block h-auto w-full">
      {span !== undefined && (
        <rect
          x={x(span[0])}
          y={TOP}
          width={Math.max(1, x(span[1]) - x(span[0]))}
          height={HEIGHT - BOTTOM - TOP}
          fill="var(--bad-strong)"
          opacity={0.08}
        />
      )}
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={LEFT} x2={WIDTH} y1={y(most * share)} y2={y(most * share)} stroke="var(--line)" />
          <text {...text} x={LEFT - 6} y={y(most * share) + 3} textAnchor="end">
            {most < 1e-6 ? (share === 0 ? "0" : "") : format(most * share)}
          </text>
        </g>
      ))}
      {marks.map((at, i) => (
        <line key={i} x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} stroke="var(--dim)" strokeDasharray="2 3" />
      ))}
      <path d={line} fill="none" stroke={colour} strokeWidth={1.5} strokeLinejoin="round" />
      {[0, 1 / 3, 2 / 3, 1].map((share) => (
        <text
          key={share}
          {...text}
          x={x(first + (last - first) * share)}
          y={HEIGHT - 4}
          textAnchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}
          suppressHydrationWarning
        >
          {clock(first + (last - first) * share, zone, false)}
        </text>
      ))}
    </svg>
  );
}
