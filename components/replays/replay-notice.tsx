import { Hourglass } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import type { ReplayRow } from "#lib/contracts/replays.ts";
import { isWaiting, stopTitle } from "./replay-words.ts";

/** What a run waits for, or what has stopped it; nothing while it goes on. */
export function ReplayNotice({ row }: { readonly row: ReplayRow }) {
  if (row.error === null) return null;
  if (isWaiting(row))
    return (
      <p role="status" className="flex items-center gap-2 rounded-lg border border-warnline bg-warnbg px-3.5 py-3">
        <Hourglass aria-hidden className="size-4 shrink-0 text-warn" /> <BrokerText text={row.error} maxLength={400} />
      </p>
    );
  return (
    <ErrorPanel title={stopTitle(row)} error={row.error}>
      What was sent before stays sent; nothing is sent twice.
    </ErrorPanel>
  );
}
