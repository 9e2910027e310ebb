import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ClockTime } from "#components/time/relative-time.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";

/** What people and Flowtap did to the run, oldest first. */
export const RunLog = ({ view: { row, log, undo } }: { readonly view: ReplayView }) => (
  <Card>
    <CardHeader title="Run log" />
    <CardBody>
      <ol className="flex flex-col gap-1">
        <Step
          at={row.createdAt}
          what={
            <>
              planned by <BrokerText text={row.createdBy} maxLength={40} />
            </>
          }
        />
        {log.map(({ at, actor, action, reason }, i) => (
          <Step
            key={i}
            at={at}
            what={
              <>
                {ACTION_WORDS[action] ?? action} by <BrokerText text={actor} maxLength={40} />
                {reason !== null && (
                  <>
                    : “<BrokerText text={reason} maxLength={200} />”
                  </>
                )}
              </>
            }
          />
        ))}
        {row.startedAt !== null && <Step at={row.startedAt} what="taken up by a tap" />}
        {row.finishedAt !== null && row.status !== "cancelled" && <Step at={row.finishedAt} what={row.status} />}
      </ol>
      {undo.undoes !== null && (
        <p className="mt-2 text-mut">
          Takes back <Replay id={undo.undoes} />.
        </p>
      )}
      {undo.undoneBy !== null && (
        <p className="mt-2 text-mut">
          Taken back by <Replay id={undo.undoneBy} />.
        </p>
      )}
    </CardBody>
  </Card>
);

const ACTION_WORDS: Readonly<Record<string, string>> = {
  run: "started",
  cancel: "stopped",
  pause: "paused",
  resume: "resumed",
  choose: "items chosen",
  edit: "edited",
  create_topic: "sandbox topic created",
};

const Replay = ({ id }: { readonly id: number }) => (
  <Link href={pages.replay(id)} className="text-acc underline">
    replay {id}
  </Link>
);

const Step = ({ at, what }: { readonly at: string; readonly what: React.ReactNode }) => (
  <li className="flex gap-3">
    <ClockTime at={at} className="shrink-0 font-mono text-xs leading-[1.6] text-dim" />
    <span className="min-w-0 break-words text-mut">{what}</span>
  </li>
);
