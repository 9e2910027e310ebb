import { MessageCard } from "#components/messages/message-card.tsx";
import { durationMs } from "#components/ui/format.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { bannerWords } from "./banner-words.ts";
import { CauseCard } from "./cause-card.tsx";
import { GroupCharts, LagChart } from "./group-charts.tsx";
import { PartitionsTable } from "./partitions-table.tsx";

/** Why, with the event it is about opened beside it; then the numbers behind the verdict. */
export function Diagnosis({ view, minutes }: { readonly view: GroupView; readonly minutes: number }) {
  const { cause, verdict, cluster, protocol } = view.row;
  // The head of a healthy group is another event each second: no one can read it, and the broker need not be asked.
  const head = verdict === "ok" ? null : bannerWords(view).head;
  const event =
    head === null ? null : (
      <MessageCard
        title={`At the head${head.waitingMs === null ? "" : `, waiting ${durationMs(head.waitingMs)}`}`}
        at={{ cluster, topic: head.topic, partition: head.partition, offset: head.offset }}
      />
    );
  return (
    <div className="flex flex-col gap-3">
      {cause === null ? (
        <LagChart view={view} minutes={minutes} />
      ) : (
        // The event is read beside both; where there is no room for that, right after the cause.
        <div
          className={
            event === null
              ? "grid items-start gap-3 lg:grid-cols-2"
              : "grid items-start gap-3 xl:grid-cols-[1.35fr_1fr] xl:grid-rows-[auto_1fr]"
          }
        >
          <CauseCard view={view} cause={cause} />
          {event !== null && <div className="min-w-0 xl:row-span-2">{event}</div>}
          <LagChart view={view} minutes={minutes} />
        </div>
      )}
      <GroupCharts view={view} minutes={minutes} />
      <div className={cause !== null || event === null ? "" : "grid items-start gap-3 xl:grid-cols-[1.35fr_1fr]"}>
        {protocol !== "queue" && <PartitionsTable view={view} />}
        {cause === null && event}
      </div>
    </div>
  );
}
