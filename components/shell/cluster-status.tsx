"use client";
import { ChevronDown } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { ClockTime, RelativeTime } from "#components/time/relative-time.tsx";
import type { ClusterStatus } from "#lib/contracts/common.ts";
import { HELD_UP_WORDS } from "#lib/domain/health/background-work.ts";
import { useLive, usePulse } from "./live.tsx";

const TONE: Readonly<Record<ClusterStatus["state"], string>> = {
  connected: "text-ok",
  connecting: "text-warn",
  unreachable: "text-bad",
};

export const StatusDot = ({ className }: { readonly className?: string }) => (
  <i
    aria-hidden
    className={cn(
      "size-[7px] shrink-0 rounded-full bg-current shadow-[0_0_0_3px_color-mix(in_srgb,currentColor_22%,transparent)]",
      className,
    )}
  />
);

/** The monitored clusters and their connection state. */
export function ClusterControl() {
  const pulse = usePulse();
  const clusters = pulse?.clusters ?? [];
  const worst =
    clusters.find((one) => one.state === "unreachable") ??
    clusters.find((one) => one.state === "connecting") ??
    clusters[0];
  if (!worst)
    return (
      <span className="flex h-8 items-center gap-2 rounded-md border border-line2 bg-panel px-2.5 text-dim">
        {pulse ? "No cluster" : "Connecting…"}
      </span>
    );
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="outline" size="lg" className="min-w-0 shrink">
          <StatusDot className={cn("mr-0.5", TONE[worst.state])} />
          <strong className="truncate font-medium text-text">
            <BrokerText text={worst.name} maxLength={28} />
          </strong>
          <span className="max-sm:hidden">{worst.state === "connected" ? worst.system : worst.state}</span>
          {clusters.length > 1 && <span className="text-dim">+{clusters.length - 1}</span>}
          <ChevronDown className="!size-3.5 text-dim" />
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Clusters" align="start" className="flex w-80 flex-col gap-3">
        {clusters.map((one) => (
          <div key={one.name} className="flex flex-col gap-0.5">
            <div className="flex items-center gap-2">
              <StatusDot className={TONE[one.state]} />
              <BrokerText text={one.name} className="truncate font-medium" />
              <span className="ml-auto text-mut">{one.system}</span>
            </div>
            <div className="pl-4 text-mut">
              {one.state} since <ClockTime at={one.since} />
            </div>
            {one.reason !== null && <div className="pl-4 break-words text-bad">{one.reason.slice(0, 300)}</div>}
            <div className="pl-4 text-dim">
              {one.commitSource === "tapped"
                ? "Commits are read from the commit log as they happen."
                : one.commitSource === "polled"
                  ? "Commits are polled: Flowtap may not read the commit log."
                  : "The source of commits is not known yet."}
            </div>
          </div>
        ))}
      </PopoverContent>
    </Popover>
  );
}

/** Says what is unreachable, since when, and what still works. Nothing when all is well. */
export function OutageBanner() {
  const { pulse, connection } = useLive();
  const down = pulse?.clusters.filter((one) => one.state === "unreachable") ?? [];
  if (pulse?.database === "unreachable")
    return (
      <Banner tone="bad">
        Flowtap’s database is unreachable. You see the last data that was loaded. No events are lost: Flowtap reads them
        from the broker when the database is back.
      </Banner>
    );
  if (down[0])
    return (
      <Banner tone="bad">
        <BrokerText text={down[0].name} className="font-semibold" /> has been unreachable for{" "}
        <RelativeTime at={down[0].since} suffix="" />
        {down.length > 1 && ` (and ${down.length - 1} more)`}: {(down[0].reason ?? "unknown reason").slice(0, 160)}.
        Stored data stays available; the tap continues from its last position when the broker is back.
      </Banner>
    );
  if (pulse?.taps === 0)
    return (
      <Banner tone="warn">
        No tap is running: no new events are read from the brokers. Start one with{" "}
        <code className="font-mono text-xs">npm run tap</code>.
      </Banner>
    );
  const [held, ...more] = pulse?.heldUp ?? [];
  if (held)
    return (
      <Banner tone="warn">
        {HELD_UP_WORDS[held.kind]}
        {held.cluster !== null && (
          <>
            {" of "}
            <BrokerText text={held.cluster} className="font-semibold" />
          </>
        )}{" "}
        since <ClockTime at={held.since} />
        {more.length > 0 && ` (and ${more.length} more that stand still)`}:{" "}
        {held.reason?.slice(0, 160) ?? "the tap that does it does not answer"}. What you see of it is from before.
      </Banner>
    );
  if (connection === "reconnecting" && pulse)
    return (
      <Banner tone="warn">
        Connection to Flowtap lost; reconnecting. The data shown is from <RelativeTime at={pulse.at} />.
      </Banner>
    );
  return null;
}

const Banner = ({ tone, children }: { readonly tone: "warn" | "bad"; readonly children: React.ReactNode }) => (
  <div
    role="status"
    className={cn(
      "border-b px-4 py-2 print:hidden",
      tone === "bad" ? "border-badline bg-badbg" : "border-warnline bg-warnbg",
    )}
  >
    {children}
  </div>
);
