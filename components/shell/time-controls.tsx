"use client";
/** The time range of the page, and whether it is live. */
import { WINDOWS_MINUTES, useAt, useTimeWindow } from "#components/time/time-window.ts";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { ClockTime } from "#components/time/relative-time.tsx";
import { StatusDot } from "./cluster-status.tsx";
import { useLive } from "./live.tsx";

const rangeLabel = (minutes: number) =>
  minutes < 60 ? `${minutes} min` : minutes === 1440 ? "24 h" : `${minutes / 60} h`;

export function WindowControl() {
  const [minutes, setMinutes] = useTimeWindow();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="lg" className="max-sm:hidden">
          Last <strong className="font-medium text-text">{rangeLabel(minutes)}</strong>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuRadioGroup value={String(minutes)} onValueChange={(value) => setMinutes(Number(value))}>
          {WINDOWS_MINUTES.map((one) => (
            <DropdownMenuRadioItem key={one} value={String(one)}>
              Last {rangeLabel(one)}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Whether the page is live, or the time it shows; a click changes between the two. */
export function LiveTag() {
  const [at, setAt] = useAt();
  const { connection } = useLive();
  if (at)
    return (
      <Button
        variant="outline"
        size="lg"
        className="border-warnline text-warn hover:text-warn"
        onClick={() => setAt(null)}
        title="Back to live"
      >
        <span className="max-sm:hidden">As of</span> <ClockTime at={at} />{" "}
        <span className="text-text max-md:hidden">· Live</span>
      </Button>
    );
  const live = connection === "open";
  return (
    <Button
      variant="outline"
      size="lg"
      className={live ? "border-okline text-ok hover:text-ok" : "border-warnline text-warn hover:text-warn"}
      onClick={() => setAt(new Date())}
      title="Pause at the current time"
    >
      <StatusDot className="mr-0.5" />
      {live ? "Live" : connection === "connecting" ? "Connecting" : "Reconnecting"}
    </Button>
  );
}
