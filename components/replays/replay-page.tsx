"use client";
import { Hourglass, Pause, Play, Square } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import Link from "next/link";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { count, durationMs, durationSeconds, rate } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { pages } from "#lib/client/routes.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { Cli } from "./cli.tsx";
import { ExportLinks } from "./export-links.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { Receivers } from "./receivers.tsx";
import { ProgressBar, ShareLegend } from "./progress-bar.tsx";
import { ReplayDraft } from "./replay-draft.tsx";
import { Guards, Story } from "./replay-facts.tsx";
import { ReplayItems } from "./replay-items.tsx";
import { KIND_WORD, outcomeSentence, pace, shares } from "./replay-words.ts";
import { StatusTag } from "./status-tag.tsx";
import { UndoButton } from "./undo-button.tsx";
import { useWriteRefusal } from "../shell/use-operator.ts";
import { useCancelReplay, usePauseReplay, useReplay } from "./use-replay.ts";

const PAGE_ITEMS = 100;
const STOPPED: Readonly<Partial<Record<ReplayView["row"]["status"], string>>> = {
  failed: "It stopped",
  paused: "It paused by itself",
};

export function ReplayPage({ id }: { readonly id: number }) {
  const [cursor, setCursor] = useQueryState("cursor", parseAsString);
  const query = useReplay(id, { limit: PAGE_ITEMS, ...(cursor !== null && { cursor }) });
  return (
    <Page
      title={`Replay ${id}`}
      tags={query.data && <Headline view={query.data} />}
      actions={
        query.data && (
          <>
            <ExportLinks id={id} />
            <UndoButton view={query.data} />
            <Stop view={query.data} />
          </>
        )
      }
    >
      <Loaded
        query={query}
        what="The replay"
        skeleton={
          <div className="flex flex-col gap-3">
            <Skeleton className="h-28" />
            <Skeleton className="h-96" />
          </div>
        }
      >
        {(view) =>
          view.row.status === "draft" ? (
            <>
              <ReplayDraft view={view} />
              {view.preview.kind === "redrive" && (
                <ReplayItems
                  view={view}
                  cursor={cursor}
                  onCursor={(next) => void setCursor(next, { history: "push" })}
                />
              )}
            </>
          ) : (
            <>
              {isWaiting(view) ? (
                <p
                  role="status"
                  className="flex items-center gap-2 rounded-lg border border-warnline bg-warnbg px-3.5 py-3"
                >
                  <Hourglass aria-hidden className="size-4 shrink-0 text-warn" />{" "}
                  <BrokerText text={view.row.error ?? ""} maxLength={400} />
                </p>
              ) : (
                view.row.error !== null && (
                  <ErrorPanel title={STOPPED[view.row.status] ?? "It met an error"} error={view.row.error}>
                    What was sent before stays sent; nothing is sent twice.
                  </ErrorPanel>
                )
              )}
              <Progress view={view} />
              {view.preview.kind !== "redrive" ? (
                <>
                  {view.preview.kind === "skip" && <CopyKept view={view} />}
                  <PreviewPanel preview={view.preview} />
                  <Story view={view} />
                </>
              ) : (
                <div className="grid items-start gap-3 xl:grid-cols-[1.7fr_1fr]">
                  <ReplayItems
                    view={view}
                    cursor={cursor}
                    onCursor={(next) => void setCursor(next, { history: "push" })}
                  />
                  <div className="flex min-w-0 flex-col gap-3">
                    <Receivers preview={view.preview} />
                    <Guards preview={view.preview} />
                    <Story view={view} />
                    <Cli text={view.preview.cli} />
                  </div>
                </div>
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** Where the copy of a skipped event lies. */
function CopyKept({
  view: {
    row,
    items: {
      items: [item],
    },
  },
}: {
  readonly view: ReplayView;
}) {
  if (item === undefined || item.targetPartition === null || item.targetOffset === null) return null;
  return (
    <p className="text-mut">
      Its copy lies at{" "}
      <Link
        href={pages.topic(row.cluster, item.targetTopic, {
          tab: "messages",
          mode: "browse",
          partition: item.targetPartition,
          offset: item.targetOffset,
        })}
        className="text-acc underline"
      >
        <BrokerText text={item.targetTopic} maxLength={80} />[{item.targetPartition}] {count(item.targetOffset)}
      </Link>
      .
    </p>
  );
}

/** What needs an empty group waits for that in good order: no error. */
const isWaiting = ({ row, preview }: ReplayView): boolean =>
  preview.kind !== "redrive" && row.status === "running" && (row.error?.startsWith("waits for ") ?? false);

const Headline = ({ view: { row } }: { readonly view: ReplayView }) => (
  <>
    <StatusTag row={row} />
    <span className="min-w-0 text-mut">
      {KIND_WORD[row.kind]}
      {row.group !== null && (
        <>
          {" "}
          for <BrokerText text={row.group} className="font-semibold text-text" maxLength={48} />
        </>
      )}{" "}
      · by <BrokerText text={row.createdBy} maxLength={32} />
      {row.reason !== "" && (
        <>
          {" "}
          · “<BrokerText text={row.reason} maxLength={120} />”
        </>
      )}
    </span>
  </>
);

function Stop({ view: { row } }: { readonly view: ReplayView }) {
  const cancel = useCancelReplay();
  const pausing = usePauseReplay();
  const refusal = useWriteRefusal();
  const paused = row.status === "paused";
  if (row.status !== "queued" && row.status !== "running" && !paused) return null;
  return (
    <>
      {row.kind === "redrive" && (
        <Button
          variant={paused ? "primary" : "default"}
          disabled={refusal !== null || pausing.isPending}
          title={refusal ?? (paused && row.error !== null ? "Sends the rest all the same" : undefined)}
          onClick={() => pausing.mutate({ id: row.id, pause: !paused })}
        >
          {paused ? (
            <>
              <Play /> Resume
            </>
          ) : (
            <>
              <Pause /> Pause
            </>
          )}
        </Button>
      )}
      <Button
        variant="danger"
        disabled={refusal !== null || cancel.isPending}
        title={refusal ?? "What was sent stays sent"}
        onClick={() => cancel.mutate(row.id)}
      >
        <Square /> {cancel.isPending ? "Stopping…" : "Stop"}
      </Button>
    </>
  );
}

function Progress({ view: { row, outcomes, recentPerSecond } }: { readonly view: ReplayView }) {
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
