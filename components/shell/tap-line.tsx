"use client";
import { count, ratePerSecond } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { cn } from "#components/ui/cn.ts";
import type { Pulse } from "#lib/contracts/stream.ts";
import { useSession } from "./use-session.ts";

/** Whether the tap keeps up, up to when events are indexed, and the version. */
export function TapLine({ pulse, className }: { readonly pulse: Pulse | null; readonly className: string }) {
  const version = useSession()?.version;
  return (
    <div className={cn("px-2 py-2 text-2xs leading-relaxed text-dim", className)}>
      {pulse === null ? (
        "connecting"
      ) : pulse.taps === 0 ? (
        <span className="text-warn">no tap running</span>
      ) : (
        <>
          tap {ratePerSecond(pulse.eventsPerSecond).replace("/s", " ev/s")} ·{" "}
          <span className={cn(pulse.tapBehind > 10_000 && "text-warn")}>{count(pulse.tapBehind)} behind</span>
        </>
      )}
      <br />
      {pulse?.indexedThrough ? (
        <>
          indexed <RelativeTime at={pulse.indexedThrough} />
        </>
      ) : (
        "no events indexed yet"
      )}
      {version !== undefined && ` · v${version}`}
    </div>
  );
}
