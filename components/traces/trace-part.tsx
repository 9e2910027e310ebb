import { ClockTime } from "#components/time/relative-time.tsx";
import { Button } from "#components/ui/button.tsx";
import { count, plural } from "#components/ui/format.ts";
import type { TraceView } from "#lib/contracts/traces.ts";

/** Which part of a trace is shown, where it is longer than a page can hold, and the ways to the others. */
export function TracePart({
  view,
  chosen,
  around,
  setAround,
}: {
  readonly view: TraceView;
  readonly chosen: string | null;
  readonly around: string | null;
  readonly setAround: (eventId: string | null) => void;
}) {
  const isMissing = chosen !== null && !view.events.some(({ id }) => id === chosen);
  if (isMissing && !(view.truncated && around !== chosen))
    return <p className="text-warn">The event in the address is not in this trace or no longer stored.</p>;
  if (!view.truncated && around === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1" role="status">
      <span className="text-warn">
        {plural(view.events.length, "event")} of {count(view.total)} are shown.
      </span>
      <span className="text-mut">
        <ClockTime at={view.firstAt} /> – <ClockTime at={view.lastAt} />
      </span>
      {isMissing && (
        <Button size="sm" onClick={() => setAround(chosen)}>
          Show the event of this address
        </Button>
      )}
      <Button size="sm" variant="ghost" disabled={around === null} onClick={() => setAround(null)}>
        First
      </Button>
      <Button
        size="sm"
        variant="ghost"
        disabled={around === null}
        onClick={() => setAround(view.events[0]?.id ?? null)}
      >
        Earlier
      </Button>
      <Button size="sm" variant="ghost" onClick={() => setAround(view.events.at(-1)?.id ?? null)}>
        Later
      </Button>
    </div>
  );
}
