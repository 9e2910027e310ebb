import { Card } from "#components/ui/card.tsx";
import { count, durationMs, durationSeconds, rate } from "#components/ui/format.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { ProgressBar, ShareLegend } from "./progress-bar.tsx";
import { outcomeSentence, pace, shares } from "./outcome-words.ts";

export function ReplayProgress({ view: { row, outcomes, recentPerSecond } }: { readonly view: ReplayView }) {
  const speed = pace(row, recentPerSecond);
  const { progress } = row;
  const noun = { redrive: "sent", offset_reset: "moved", skip: "skipped" }[row.kind];
  const parts =
    row.kind === "redrive"
      ? shares(progress, outcomes).filter(({ key }) => row.sandbox === null || key !== "consumed")
      : shares(progress, { consumed: progress.sent, deadLettered: 0, waiting: 0, unknown: 0 }).map((part) =>
          part.key === "consumed"
            ? { ...part, label: noun }
            : part.key === "pending"
              ? { ...part, label: "not yet" }
              : part,
        );
  return (
    <Card className="flex flex-col gap-3 px-4.5 py-4" aria-label="Progress">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="text-big font-semibold tracking-tight">
          {count(progress.sent)}{" "}
          <span className="text-[0.9375rem] font-medium text-mut">
            of {count(progress.total)} {noun}
          </span>
        </span>
        <span className="text-mut">
          {row.status === "queued" && "waits for a tap to take it up"}
          {row.status === "paused" && "paused: nothing is sent until somebody resumes it"}
          {row.status === "running" && speed !== null && (
            <>
              {rate(speed.perSecond)}/s
              {speed.leftSeconds !== null && ` · about ${durationSeconds(speed.leftSeconds)} left`}
            </>
          )}
          {row.finishedAt !== null && row.startedAt !== null && (
            <>
              took {durationMs(Date.parse(row.finishedAt) - Date.parse(row.startedAt))}
              {speed !== null && row.kind === "redrive" && ` · ${rate(speed.perSecond)}/s`}
            </>
          )}
        </span>
        {row.kind === "redrive" && (
          <span className="ml-auto text-mut">
            <bdi>{outcomeSentence(progress.sent, row.group?.slice(0, 60) ?? null, outcomes)}</bdi>
          </span>
        )}
      </p>
      <ProgressBar shares={parts} total={progress.total} />
      <ShareLegend shares={parts} />
    </Card>
  );
}
