/** The heading of a trace: what it began with, and how much of it failed or waits. */
import { BrokerText } from "#components/ui/broker-text.tsx";
import { durationMs, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { TraceView } from "#lib/contracts/traces.ts";

export function TraceTitle({ view }: { readonly view: TraceView | undefined }) {
  const root = view?.events.reduce((first, event) => (event.occurredAt < first.occurredAt ? event : first));
  return root === undefined ? "Trace" : <BrokerText text={root.type ?? root.topic} maxLength={80} />;
}

export function TraceTags({ view }: { readonly view: TraceView }) {
  const failed = view.events.filter((event) => event.error || event.deadLetter).length;
  const waiting = view.events.reduce(
    (sum, event) => sum + event.fates.filter((fate) => fate.fate === "waiting").length,
    0,
  );
  const services = new Set(view.events.flatMap((event) => (event.service === null ? [] : [event.service])));
  return (
    <>
      {failed > 0 && <Tag tone="bad">{failed} FAILED</Tag>}
      {waiting > 0 && <Tag tone="warn">{waiting} WAITING</Tag>}
      <span className="text-mut">
        {plural(view.total, "event")} · {plural(services.size, "service")} ·{" "}
        {durationMs(Date.parse(view.lastAt) - Date.parse(view.firstAt))} · <RelativeTime at={view.firstAt} />
        {view.aliases.length > 0 && (
          <span title={view.aliases.slice(0, 20).join("\n")}>
            {" "}
            · {plural(view.aliases.length, "conversation")} merged
          </span>
        )}
      </span>
    </>
  );
}
