import { BrokerText } from "#components/ui/broker-text.tsx";
import { StatCard } from "#components/ui/card.tsx";
import { count, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import type { FailureGroupView } from "#lib/contracts/failures.ts";
import { Names } from "#components/page/names.tsx";
import { KIND_WORDS } from "./kind-words.ts";

/** A failure in four numbers: open events, last seen, its groups and its event types. */
export const FailureStats = ({ view: { row, onlyReader } }: { readonly view: FailureGroupView }) => (
  <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
    <StatCard
      label="Open"
      value={count(row.open)}
      tone={row.open > 0 ? "bad" : "ok"}
      context={`of ${plural(row.events, KIND_WORDS[row.kind].one)} in total`}
    />
    <StatCard
      label="Last seen"
      value={<RelativeTime at={row.lastAt} />}
      context={
        <>
          first seen <RelativeTime at={row.firstAt} />
        </>
      }
    />
    {onlyReader === null ? (
      <StatCard
        label={row.groups.length === 1 ? "Group" : "Groups"}
        value={<Names names={row.groups} none="unknown" />}
        context={
          <>
            topics: <BrokerText text={row.topics.join(", ")} maxLength={48} />
          </>
        }
      />
    ) : (
      <StatCard
        label="Group (inferred)"
        value={<Names names={[onlyReader]} none="" />}
        context={
          <>
            the only group that reads <BrokerText text={row.topics.join(", ")} maxLength={48} />
          </>
        }
      />
    )}
    <StatCard
      label="Event types"
      value={<Names names={row.types} none="unknown" />}
      context={
        row.kind === "error_event" ? (
          "error events have no exception"
        ) : row.rootCauseClass === null ? (
          "unknown exception"
        ) : (
          <BrokerText text={row.rootCauseClass} maxLength={48} />
        )
      }
    />
  </div>
);
