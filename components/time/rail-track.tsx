"use client";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { RailBars } from "./rail-bars.tsx";
import { MINUTE_MS } from "./time-window.ts";
import { useZone } from "./zone.ts";
import { cn } from "#components/ui/cn.ts";
import { absolute, clock, count } from "#components/ui/format.ts";
import type { RailView } from "#lib/contracts/flow-detail.ts";

interface RailTrackProps {
  readonly view: RailView;
  readonly at: Date | null;
  readonly onAt: (at: Date | null) => void;
  /** whether the right end of the rail is the current time */
  readonly live: boolean;
}

/** The bars of the rail, and the slider over them that moves the page to another time. */
export function RailTrack({ view, at, onAt, live }: RailTrackProps) {
  const [zone] = useZone();
  const track = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const dragging = useRef(false);
  const from = Date.parse(view.from);
  const to = Math.max(from + 1, Date.parse(view.to));
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
      <RailBars points={view.points} />
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
