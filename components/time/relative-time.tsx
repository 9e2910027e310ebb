"use client";
import { useNow } from "#components/time/now.ts";
import { useZone } from "#components/time/zone.ts";
import { absolute, clock, durationMs, roughly } from "#components/ui/format.ts";

interface TimeProps {
  readonly at: Date | string | number;
  readonly className?: string;
}
interface RelativeTimeProps extends TimeProps {
  /** "18 min ago" or "18 min". */
  readonly suffix?: string;
}

/** How long ago; the absolute time on hover, to the millisecond. */
export function RelativeTime({ at, suffix = " ago", className }: RelativeTimeProps) {
  const now = useNow();
  const [zone] = useZone();
  const time = new Date(at).getTime();
  if (Number.isNaN(time)) return <span className={className}>–</span>;
  return (
    <time
      dateTime={new Date(time).toISOString()}
      title={absolute(time, zone)}
      className={className}
      suppressHydrationWarning
    >
      {now === null ? clock(time, "utc") : now - time < 1000 ? "now" : `${roughly(now - time)}${suffix}`}
    </time>
  );
}

/** The time of day; date and milliseconds on hover. */
export function ClockTime({ at, className, withSeconds = true }: TimeProps & { readonly withSeconds?: boolean }) {
  const [zone] = useZone();
  const time = new Date(at).getTime();
  if (Number.isNaN(time)) return <span className={className}>–</span>;
  return (
    <time
      dateTime={new Date(time).toISOString()}
      title={absolute(time, zone)}
      className={className}
      suppressHydrationWarning
    >
      {clock(time, zone, withSeconds)}
    </time>
  );
}

/** A span of milliseconds; the exact figure on hover. */
export const Duration = ({
  ms,
  className,
}: {
  readonly ms: number | null | undefined;
  readonly className?: string;
}) => (
  <span className={className} {...(typeof ms === "number" && { title: `${ms.toLocaleString("en-US")} ms` })}>
    {durationMs(ms)}
  </span>
);
