"use client";
import { parseAsString, useQueryState } from "nuqs";
import { Loaded } from "#components/page/loaded.tsx";
import { Page } from "#components/shell/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { Cli } from "./cli.tsx";
import { CopyKept } from "./copy-kept.tsx";
import { ExportLinks } from "./export-links.tsx";
import { Guards } from "./guards.tsx";
import { PauseAndStop } from "./pause-and-stop.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { Receivers } from "./receivers.tsx";
import { ReplayDraft } from "./replay-draft.tsx";
import { ReplayHeadline } from "./replay-headline.tsx";
import { ReplayItems } from "./replay-items.tsx";
import { ReplayNotice } from "./replay-notice.tsx";
import { ReplayProgress } from "./replay-progress.tsx";
import { RunLog } from "./run-log.tsx";
import { UndoButton } from "./undo-button.tsx";
import { useReplay } from "./use-replay.ts";

const PAGE_ITEMS = 100;

export function ReplayPage({ id }: { readonly id: number }) {
  const [cursor, setCursor] = useQueryState("cursor", parseAsString);
  const query = useReplay(id, { limit: PAGE_ITEMS, ...(cursor !== null && { cursor }) });
  const items = (view: ReplayView) => (
    <ReplayItems view={view} cursor={cursor} onCursor={(next) => void setCursor(next, { history: "push" })} />
  );
  return (
    <Page
      title={`Replay ${id}`}
      tags={query.data && <ReplayHeadline view={query.data} />}
      actions={
        query.data && (
          <>
            <ExportLinks id={id} />
            <UndoButton view={query.data} />
            <PauseAndStop view={query.data} />
          </>
        )
      }
    >
      <Loaded query={query} what="The replay" skeleton={<ReplaySkeleton />}>
        {(view) =>
          view.row.status === "draft" ? (
            <>
              <ReplayDraft view={view} />
              {view.preview.kind === "redrive" && items(view)}
            </>
          ) : (
            <>
              <ReplayNotice row={view.row} />
              <ReplayProgress view={view} />
              <RunDetails view={view} items={items(view)} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

const ReplaySkeleton = () => (
  <div className="flex flex-col gap-3">
    <Skeleton className="h-28" />
    <Skeleton className="h-96" />
  </div>
);

interface RunDetailsProps {
  readonly view: ReplayView;
  readonly items: React.ReactNode;
}
/** A redrive's items beside what is known of them; of a reset or a skip, what it moves. */
function RunDetails({ view, items }: RunDetailsProps) {
  const { preview } = view;
  if (preview.kind !== "redrive")
    return (
      <>
        {preview.kind === "skip" && <CopyKept view={view} />}
        <PreviewPanel preview={preview} />
        <RunLog view={view} />
      </>
    );
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[1.7fr_1fr]">
      {items}
      <div className="flex min-w-0 flex-col gap-3">
        <Receivers preview={preview} />
        <Guards preview={preview} />
        <RunLog view={view} />
        <Cli text={preview.cli} />
      </div>
    </div>
  );
}
