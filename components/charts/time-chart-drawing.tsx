"use client";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { useZone } from "#components/time/zone.ts";
import { absolute, clock, compact, type TimeZoneChoice } from "#components/ui/format.ts";
import { LABEL_FLIPS_AT } from "./marker-words.ts";
import type { ChartPoint, ChartSeries, TimeChartProps } from "./series.ts";

/** What `TimeChart` loads to draw. */
export function TimeChartDrawing({
  points,
  series,
  height,
  format = compact,
  marks = [],
}: TimeChartProps & { readonly height: number }) {
  const [zone] = useZone();
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height }}>
      <ComposedChart
        data={points}
        margin={{ top: 6, right: 0, bottom: 0, left: 0 }}
        barCategoryGap="12%"
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={[first.at, last.at]}
          tickFormatter={(at: number) => clock(at, zone, last.at - first.at < 600_000)}
          tick={{ fill: "var(--dim)", fontSize: 10 }}
          tickLine={false}
          axisLine={false}
          minTickGap={48}
          height={18}
        />
        <YAxis
          width={40}
          tickFormatter={(value: number) => unbroken(format(value))}
          tick={{ fill: "var(--dim)", fontSize: 10 }}
          tickLine={false}
          axisLine={false}
          tickCount={3}
          allowDecimals
          domain={[0, "auto"]}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--line2)" }}
          content={(shown) => (
            <Hint
              zone={zone}
              at={Number(shown.label)}
              rows={series.map((one) => ({
                ...one,
                value: (shown.payload?.[0]?.payload as ChartPoint | undefined)?.[one.key],
              }))}
              format={format}
            />
          )}
        />
        {series.map((one) => drawn(one))}
        {marks.map((mark) => (
          <ReferenceLine
            key={mark.at}
            x={mark.at}
            stroke="var(--dim)"
            strokeDasharray="2 3"
            label={{
              value: mark.label,
              position: mark.at < first.at + (last.at - first.at) * LABEL_FLIPS_AT ? "insideTopLeft" : "insideTopRight",
              fill: "var(--mut)",
              fontSize: 10,
            }}
          />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** The chart library would wrap long tick labels at their spaces. */
const unbroken = (text: string) => text.replaceAll(" ", "\u00a0");

function drawn({ key, color, label, kind = "line", stack }: ChartSeries) {
  const shared = {
    dataKey: key,
    name: label,
    isAnimationActive: false as const,
    ...(stack !== undefined && { stackId: stack }),
  };
  if (kind === "bar") return <Bar key={key} {...shared} fill={color} radius={[1, 1, 0, 0]} maxBarSize={8} />;
  if (kind === "area")
    return (
      <Area
        key={key}
        {...shared}
        stroke={color}
        fill={color}
        fillOpacity={stack === undefined ? 0.12 : 0.5}
        strokeWidth={1.5}
        dot={false}
        activeDot={{ r: 2.5 }}
        type="linear"
      />
    );
  return (
    <Line key={key} {...shared} stroke={color} strokeWidth={1.5} dot={false} activeDot={{ r: 2.5 }} type="linear" />
  );
}

interface HintProps {
  readonly zone: TimeZoneChoice;
  readonly at: number;
  readonly rows: readonly (ChartSeries & { readonly value: number | null | undefined })[];
  readonly format: (value: number) => string;
}
function Hint({ zone, at, rows, format }: HintProps) {
  if (!Number.isFinite(at)) return null;
  return (
    <div className="rounded-md border border-line2 bg-raise px-2.5 py-1.5 shadow-float">
      <div className="mb-1 text-dim">{absolute(at, zone).replace(/\.\d+/, "")}</div>
      {rows.map((row) => (
        <div key={row.key} className="flex items-center gap-2 text-mut">
          <i className="size-2 rounded-full" style={{ background: row.color }} />
          <bdi className="max-w-48 truncate">{row.label}</bdi>
          <span className="ml-auto pl-3 font-medium text-text">
            {row.value === null || row.value === undefined ? "–" : format(row.value)}
          </span>
        </div>
      ))}
    </div>
  );
}
