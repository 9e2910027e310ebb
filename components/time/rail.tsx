"use client";
import { useQuery } from "@tanstack/react-query";
import { MINUTE_MS, useAt, useTimeWindow } from "./time-window.ts";
import { useNow } from "./now.ts";
import { rate } from "#components/ui/format.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { RailView } from "#lib/contracts/flow-detail.ts";
import { RailTrack } from "./rail-track.tsx";

const POINTS = 180;

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
      {view ? <RailTrack view={view} at={at} onAt={setAt} live={!outside} /> : <Skeleton className="h-[46px]" />}
    </div>
  );
}
