"use client";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useZone } from "#components/time/zone.ts";
import { useAt, useTimeWindow } from "#components/time/time-window.ts";
import { useNow } from "#components/time/now.ts";
import { cn } from "#components/ui/cn.ts";
import { absolute, clock, count, rate } from "#components/ui/format.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { RailView } from "#lib/contracts/flow.ts";

const POINTS = 180;
const MINUTE_MS = 60_000;

/** Throughput and failures over time. Dragging moves the page to that time. */
export function TimeRail({ cluster }: { readonly cluster: string | null }) {
  const [minutes] = useTimeWindow();
  const [at, setAt] = useAt();
  const now = useNow();
  // A time outside the live window is shown in the middle of its own window.
  const outside = at !== null && now !== null && at.getTime() < now - minutes * MINUTE_MS;
  const range = outside
    ? {
        from: new Date(at.getTime() - (minutes * MINUTE_MS) / 2).toISOString(),
        to: new Date(at.getTime() + (minutes * MINUTE_MS) / 2).toISOString(),
      }
    : { minutes };
  const question = { ...range, points: POINTS, cluster: cluster ?? undefined };
  const rail = useQuery({
    queryKey: keys.flow.rail(question),
    queryFn: ({ signal }) => fetchJson(api.flowRail(question), RailView, { signal }),
    refetchInterval: outside ? false : Math.max(2000, (minutes * MINUTE_MS) / POINTS / 2),
  });
  const view = rail.data;
  return (
    <div className="flex shrink-0 flex-col gap-1.5 border-t bg-bg px-4 pt-2.5 pb-2.5">
      <div className="flex items-center gap-4 text-xs">
        <h2 className="font-medium text-mut max-sm:hidden">Events per second</h2>
        {view && (
          <>
            <span className="text-mut">
              now <b className="font-semibold text-text">{rate(view.nowPerSecond)}</b>
            </span>
            <span className="text-mut">
              failed{" "}
              <b className={view.errorsPerSecond > 0 ? "font-semibold text-bad" : "font-semibold text-text"}>
                {rate(view.errorsPerSecond)}
              </b>
            </span>
          </>
        )}
        {rail.isError && <span className="truncate text-bad">{rail.error.message}</span>}
        <span className="ml-auto text-dim max-md:hidden">
          drag to view the past · <Kbd>space</Kbd> {at ? "live" : "pause"}
        </span>
      </div>
      {view ? <Bars view={view} at={at} onAt={setAt} live={!outside} /> : <Skeleton className="h-[46px]" />}
    </div>
  );
}

interface BarsProps {
  readonly view: RailView;
  readonly at: Date | null;
  readonly onAt: (at: Date | null) => void;
  /** whether the right end of the rail is the current time */
  readonly live: boolean;
}
const HEIGHT = 46;

function Bars({ view, at, onAt, live }: BarsProps) {
  const [zone] = useZone();
  const track = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const dragging = useRef(false);
  const from = Date.parse(view.from);
  const to = Math.max(from + 1, Date.parse(view.to));
  const mostEvents = Math.max(1, ...view.points.map((point) => point.events));
  const width = 1000 / Math.max(1, view.points.length);
  const stepMs = view.stepSeconds * 1000;
  const shareOf = (time: number) => Math.min(1, Math.max(0, (time - from) / (to - from)));

  const timeAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    const share = box && box.width > 0 ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 1;
    return from + share * (to - from);
  };
  const choose = (time: number) => {
    // The last part of a live rail means live.
    if (live && time >= to - Math.max(stepMs, (to - from) * 0.008)) return onAt(null);
    const oldest = view.keptFrom ? Date.parse(view.keptFrom) : from;
    onAt(new Date(Math.round(Math.max(oldest, time) / 1000) * 1000));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1;
    const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageUp: 10, PageDown: -10 }[
      event.key
    ];
    if (event.key === "End") onAt(null);
    else if (event.key === "Home") choose(from);
    else if (by === undefined) return;
    else choose((at?.getTime() ?? to) + by * MINUTE_MS);
    event.preventDefault();
  };
  const position = at ? shareOf(at.getTime()) : 1;
  const hovered =
    hover === null
      ? undefined
      : view.points[Math.min(view.points.length - 1, Math.floor(shareOf(hover) * view.points.length))];

  return (
    <div
      ref={track}
      role="slider"
      tabIndex={0}
      aria-label="Point in time"
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={at?.getTime() ?? to}
      aria-valuetext={at ? absolute(at, zone) : "live"}
      className="relative cursor-ew-resize touch-none select-none"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        dragging.current = true;
        choose(timeAt(event));
      }}
      onPointerMove={(event) => {
        setHover(timeAt(event));
        if (dragging.current) choose(timeAt(event));
      }}
      onPointerUp={() => (dragging.current = false)}
      onPointerCancel={() => (dragging.current = false)}
      onPointerLeave={() => setHover(null)}
    >
      <svg
        viewBox={`0 0 1000 ${HEIGHT}`}
        width="100%"
        height={HEIGHT}
        preserveAspectRatio="none"
        aria-hidden
        className="block"
      >
        {view.points.map((point, index) => {
          const tall = point.events === 0 ? 0.5 : Math.max(1.5, (point.events / mostEvents) * (HEIGHT - 4));
          return (
            <g key={point.at}>
              <rect
                x={index * width + width * 0.12}
                y={HEIGHT - tall}
                width={width * 0.76}
                height={tall}
                fill="var(--bar)"
              />
              {point.errors > 0 && (
                <rect
                  x={index * width + width * 0.12}
                  y={HEIGHT - 4}
                  width={width * 0.76}
                  height={4}
                  fill="var(--bad-strong)"
                />
              )}
            </g>
          );
        })}
      </svg>
      <span
        aria-hidden
        className="absolute inset-y-0 w-0.5 -translate-x-1/2"
        style={{ left: `${position * 100}%`, background: at ? "var(--warn)" : "var(--ok)" }}
      />
      {at && (
        <span
          aria-hidden
          className="absolute -top-0.5 rounded bg-warnbg px-1 text-2xs text-warn"
          style={
            position > 0.5
              ? { right: `calc(${(1 - position) * 100}% + 6px)` }
              : { left: `calc(${position * 100}% + 6px)` }
          }
        >
          {clock(at, zone)}
        </span>
      )}
      {hovered && hover !== null && (
        <span
          aria-hidden
          className={cn(
            "pointer-events-none absolute bottom-full mb-2 -translate-x-1/2",
            "rounded-md border border-line2 bg-raise px-2 py-1 text-2xs whitespace-nowrap shadow-float",
          )}
          style={{ left: `clamp(90px, ${shareOf(hover) * 100}%, calc(100% - 90px))` }}
        >
          {clock(hovered.at, zone)} · {count(hovered.events)} events
          {hovered.errors > 0 && <span className="text-bad"> · {count(hovered.errors)} failed</span>}
        </span>
      )}
    </div>
  );
}
