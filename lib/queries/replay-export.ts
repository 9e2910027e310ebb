/** A run with all its items, for whoever must keep or prove what was done. Read and handed out a page at a time. */
import type { ReplayItemRow, ReplayView } from "#lib/contracts/replays.ts";
import { csvLine } from "#lib/domain/text/csv.ts";
import { receiverWords } from "#lib/domain/replay/second-time.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readReplayItems } from "#lib/store/replays/replay-items-read.ts";
import { readReplayView } from "#lib/store/replays/replay-view-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";

const ITEMS_PER_PAGE = 500;

type Prisma = Pick<QueryDeps, "prisma">;

/** Pieces of the document, each made when it is asked for. */
export async function exportReplay(deps: Prisma, id: number, format: "csv" | "json"): Answer<AsyncGenerator<string>> {
  const view = await readReplayView(deps.prisma, id, { afterSeq: -1, limit: 1 });
  if (view === null) return err(notFound(`Replay ${id}`));
  return ok(
    format === "json"
      ? asJson(deps, view)
      : view.preview.kind === "offset_reset"
        ? resetAsCsv(view, view.preview.partitions)
        : itemsAsCsv(deps, view),
  );
}

async function* pagesOf({ prisma }: Prisma, id: number): AsyncGenerator<readonly ReplayItemRow[]> {
  for (let afterSeq = -1; ; ) {
    const items = await readReplayItems(prisma, id, { afterSeq, limit: ITEMS_PER_PAGE });
    const last = items.at(-1);
    if (last === undefined) return;
    yield items;
    afterSeq = last.seq;
  }
}

async function* asJson(
  deps: Prisma,
  { items: _page, recentPerSecond: _now, ...view }: ReplayView,
): AsyncGenerator<string> {
  yield `${JSON.stringify(view).slice(0, -1)},"items":[`;
  let first = true;
  for await (const items of pagesOf(deps, view.row.id)) {
    yield `${first ? "" : ","}\n${items.map((item) => JSON.stringify(item)).join(",\n")}`;
    first = false;
  }
  yield "\n]}\n";
}

/** Who let it run and why stands in each line: lines are taken out of files. */
function startOf({ row, log }: ReplayView): readonly (string | number | null)[] {
  const run = log.findLast(({ action }) => action === "run");
  return [row.id, row.kind, run?.actor ?? row.createdBy, run?.at ?? null, row.reason];
}
const START = ["replay", "kind", "by", "started_at", "reason"];

async function* itemsAsCsv(deps: Prisma, view: ReplayView): AsyncGenerator<string> {
  const start = startOf(view);
  yield csvLine([
    ...START,
    "item",
    "source_topic",
    "source_partition",
    "source_offset",
    "target_topic",
    "target_partition",
    "target_offset",
    "key",
    "status",
    "sent_at",
    "outcome",
    "outcome_at",
    "detail",
    "trace_id",
    "read_by",
  ]);
  const readers = readersOf(view);
  for await (const items of pagesOf(deps, view.row.id)) {
    yield items
      .map((item) =>
        csvLine([
          ...start,
          item.seq,
          item.sourceTopic,
          item.sourcePartition,
          item.sourceOffset,
          item.targetTopic,
          item.targetPartition,
          item.targetOffset,
          item.key,
          item.status,
          item.sentAt,
          item.outcome,
          item.outcomeAt,
          item.detail,
          item.traceId,
          readers.get(item.targetTopic) ?? "",
        ]),
      )
      .join("");
  }
}

/** Who reads each target of a redrive, as its plan found them. */
function readersOf({ preview }: ReplayView): ReadonlyMap<string, string> {
  return new Map(
    preview.kind === "redrive"
      ? preview.targets.map(({ topic, receivers }) => [topic, receivers.map(receiverWords).join(", ")])
      : [],
  );
}

async function* resetAsCsv(
  view: ReplayView,
  partitions: readonly {
    topic: string;
    partition: number;
    from: string | null;
    to: string;
    seenAgain: string;
    skipped: string;
  }[],
): AsyncGenerator<string> {
  const start = startOf(view);
  yield csvLine([
    ...START,
    "status",
    "group",
    "topic",
    "partition",
    "from_offset",
    "to_offset",
    "seen_again",
    "skipped",
  ]);
  yield partitions
    .map((at) =>
      csvLine([
        ...start,
        view.row.status,
        view.row.group,
        at.topic,
        at.partition,
        at.from,
        at.to,
        at.seenAgain,
        at.skipped,
      ]),
    )
    .join("");
}
