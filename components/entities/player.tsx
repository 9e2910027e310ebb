"use client";
import { Pause, Play, SkipBack, SkipForward, StepBack, StepForward } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { count } from "#components/ui/format.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { ClockTime } from "#components/time/relative-time.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { EntityView } from "#lib/contracts/entities.ts";
import { usePlayer, type Speed } from "./use-player.ts";

interface PlayerProps {
  readonly timeline: EntityView["timeline"];
  readonly index: number;
  readonly ready: boolean;
  readonly go: (index: number) => void;
}
/** Play, pause, step and scrub through the events. */
export function Player({ timeline, index, ready, go }: PlayerProps) {
  const { playing, toggle, step, speed, setSpeed } = usePlayer({ index, count: timeline.length, ready, go });
  const at = timeline[index];
  return (
    <Card className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
      <div className="flex items-center gap-1">
        <Button
          variant="ghost"
          size="icon"
          aria-label="First event"
          title="First event (Home)"
          disabled={index <= 0}
          onClick={() => step(0)}
        >
          <SkipBack />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Previous event"
          title="Previous event (←)"
          disabled={index <= 0}
          onClick={() => step(index - 1)}
        >
          <StepBack />
        </Button>
        <Button
          variant="primary"
          size="icon"
          aria-label={playing ? "Pause" : "Play"}
          title={playing ? "Pause (space)" : "Play (space)"}
          disabled={timeline.length < 2}
          onClick={toggle}
        >
          {playing ? <Pause /> : <Play />}
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Next event"
          title="Next event (→)"
          disabled={index >= timeline.length - 1}
          onClick={() => step(index + 1)}
        >
          <StepForward />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Last event"
          title="Last event (End)"
          disabled={index >= timeline.length - 1}
          onClick={() => step(timeline.length - 1)}
        >
          <SkipForward />
        </Button>
      </div>
      <input
        type="range"
        aria-label="Event"
        aria-valuetext={at === undefined ? "" : `event ${index + 1} of ${timeline.length}, ${at.type ?? at.topic}`}
        min={0}
        max={Math.max(0, timeline.length - 1)}
        value={index}
        onChange={(event) => step(Number(event.target.value))}
        className="h-8 min-w-40 flex-1 accent-[var(--acc)] max-sm:order-last max-sm:basis-full"
      />
      <span className="min-w-32 text-right tabular-nums">
        <b className="font-semibold">{count(index + 1)}</b>{" "}
        <span className="text-mut">of {count(timeline.length)}</span>{" "}
        {at !== undefined && <ClockTime at={at.at} className="ml-1 font-mono text-xs text-mut" />}
      </span>
      <Segmented<Speed>
        aria-label="Speed"
        className="h-7"
        value={speed}
        onValueChange={setSpeed}
        options={[
          { value: "slow", label: "0.5/s" },
          { value: "normal", label: "1/s" },
          { value: "fast", label: "4/s" },
        ]}
      />
      <span className="flex items-center gap-1 text-2xs text-dim max-lg:hidden">
        <Kbd>space</Kbd> <Kbd>←</Kbd> <Kbd>→</Kbd>
      </span>
    </Card>
  );
}
