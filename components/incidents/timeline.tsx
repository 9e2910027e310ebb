import { CircleAlert, CircleCheck, CircleDot, Dot } from "lucide-react";
import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { ClockTime } from "#components/time/relative-time.tsx";
import { pages } from "#lib/client/routes.ts";
import type { GroupEvent } from "#lib/contracts/group-history.ts";
import type { Incident } from "#lib/contracts/incidents.ts";
import { CAUSE_TITLES } from "#lib/domain/health/cause.ts";

interface TimelineProps {
  readonly incident: Pick<Incident, "cluster" | "group" | "changes">;
  /** shown between its changes */
  readonly events?: readonly GroupEvent[];
}
const BADGE = {
  opened: { icon: CircleAlert, tone: "text-bad" },
  changed: { icon: CircleDot, tone: "text-warn" },
  closed: { icon: CircleCheck, tone: "text-ok" },
  event: { icon: Dot, tone: "text-dim" },
} as const;
const WORD = { opened: "Opened", changed: "Changed", closed: "Closed" } as const;
const MOST = 100;

/** What was found and what happened, oldest first; each time opens the group as it was then. */
export function Timeline({ incident, events = [] }: TimelineProps) {
  const rows = [
    ...incident.changes.map(({ at, kind, cause, reason, finding }) => ({
      at,
      kind,
      text: `${WORD[kind]}${cause === null ? "" : `: ${CAUSE_TITLES[cause].toLowerCase()}`}`,
      detail: kind === "closed" ? null : (finding?.sentence ?? reason),
    })),
    ...events.map(({ at, text }) => ({ at, kind: "event" as const, text, detail: null })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <ol className="flex flex-col">
      {rows.slice(-MOST).map((row, i) => {
        const { icon: Icon, tone } = BADGE[row.kind];
        return (
          <li key={i} className="flex gap-2.5 py-1">
            <Link
              href={pages.group(incident.cluster, incident.group, { at: row.at })}
              className="w-[4.25rem] shrink-0 text-mut hover:text-text hover:underline"
              title="Look at the group as it was then"
            >
              <ClockTime at={row.at} />
            </Link>
            <Icon aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${tone}`} />
            <div className="min-w-0 flex-1 break-words">
              <span className={row.kind === "event" ? "text-mut" : "font-medium"}>
                <BrokerText text={row.text} maxLength={200} />
              </span>
              {row.detail !== null && (
                <p className="text-mut">
                  <BrokerText text={row.detail} maxLength={400} />
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
