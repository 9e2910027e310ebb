"use client";
import { useEffect, useState } from "react";
import { useHotkeys } from "#components/shell/use-hotkeys.ts";

export const SPEEDS = { slow: 2000, normal: 1000, fast: 250 } as const;
export type Speed = keyof typeof SPEEDS;

interface PlayerInput {
  readonly index: number;
  readonly count: number;
  /** whether the event at the index is loaded; playing waits for it */
  readonly ready: boolean;
  readonly go: (index: number) => void;
}
/** Steps through events by keyboard or by itself; stops at the last. */
export function usePlayer({ index, count, ready, go }: PlayerInput) {
  const [started, setStarted] = useState(false);
  const [speed, setSpeed] = useState<Speed>("normal");
  const atEnd = index >= count - 1;
  const playing = started && !atEnd;
  useEffect(() => {
    if (!playing || !ready) return;
    const timer = setTimeout(() => go(index + 1), SPEEDS[speed]);
    return () => clearTimeout(timer);
  }, [playing, ready, speed, index, go]);
  const step = (to: number) => {
    setStarted(false);
    go(Math.min(count - 1, Math.max(0, to)));
  };
  // At the end, playing starts again from the first event.
  const toggle = () => {
    if (!playing && atEnd) go(0);
    setStarted(!playing);
  };
  useHotkeys({
    " ": toggle,
    ArrowLeft: () => step(index - 1),
    ArrowRight: () => step(index + 1),
    Home: () => step(0),
    End: () => step(count - 1),
  });
  return { playing, toggle, step, speed, setSpeed };
}
