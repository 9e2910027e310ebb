/** Takes a reset or a skip back: plans a reset to the offsets that the group had before it. */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";
import type { OffsetResetPreview, SkipPreview } from "#lib/contracts/replay-preview.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { err, type Result } from "#lib/domain/result.ts";
import { StoredPlan } from "#lib/store/replays/plan.ts";
import { formerOffsetsOf, readMovedSince } from "#lib/store/replays/run-log.ts";
import type { Actor, Answer, CommandDeps } from "./deps.ts";
import { draftOf, previewReset } from "./plan-replay.ts";
import type { Preview } from "./preview.ts";

/** Nothing is moved yet: the answer is a draft like any other, to be reviewed and then run or discarded. */
export async function planUndo(deps: CommandDeps, id: number, actor: Actor): Answer<ReplayView> {
  const run = await deps.prisma.replayRun.findUnique({ where: { id } });
  if (run === null) return err({ code: "not_found", message: `Replay ${id} is not known to Flowtap.` });
  const done = StoredPlan.parse(run.plan).preview;
  const former = formerOffsetsOf(run);
  if (done.kind === "redrive")
    return err({
      code: "conflict",
      message: "Only a reset of offsets or a skip can be undone: what was sent to a topic stays there.",
    });
  if (former === null)
    return err({
      code: "conflict",
      message: `Replay ${id} is ${run.status} and has moved nothing: there is nothing to undo.`,
    });
  const later = done.kind === "skip" ? await readMovedSince(deps.prisma, run, done) : null;
  if (later !== null) {
    const whatToDo = "Take that back first, or reset the offset to where it is meant to go.";
    return err({ code: "conflict", message: `Replay ${later} has moved ${done.group} there since. ${whatToDo}` });
  }
  const offsets = former.flatMap(({ topic, partition, offset }) =>
    offset === null ? [] : [{ topic, partition, offset }],
  );
  if (offsets.length === 0) {
    const why = `${done.group} had never committed before replay ${id}: there is no place to put it back to`;
    const whatToDo = "Deleting its offsets is kafka-consumer-groups' --delete-offsets.";
    return err({ code: "conflict", message: `${why}. ${whatToDo}` });
  }
  const input: OffsetResetPlanInput = {
    kind: "offset_reset",
    cluster: done.cluster,
    group: done.group,
    topics: [],
    to: { how: "offsets", offsets },
  };
  const found: Result<Preview, AppError> = await previewReset(deps, input);
  if (!found.ok) return found;
  const { preview } = found.value;
  if (preview.kind !== "offset_reset") throw new Error("a reset was previewed as something else");
  return draftOf(
    deps,
    input,
    {
      ...found.value,
      preview: {
        ...preview,
        notes: [
          ...(done.kind === "skip" ? [aboutCopy(done)] : []),
          ...neverCommitted(done.group, former),
          ...preview.notes,
        ],
        undoes: { run: id, consumedSince: consumedSince(done, preview) },
      },
    },
    actor,
    id,
  );
}

/** After the undo the group reads the event from its own topic again. */
function aboutCopy({ topic, partition, offset, deadLetterTopic }: SkipPreview): string {
  const comesAgain = `The event at offset ${offset} of ${topic}[${partition}] comes to the group again`;
  return `${comesAgain}. Its copy stays in ${deadLetterTopic}, and its failure is marked resolved.`;
}

function neverCommitted(group: string, former: readonly { offset: string | null }[]): string[] {
  const uncommitted = former.filter(({ offset }) => offset === null).length;
  if (uncommitted === 0) return [];
  const where = uncommitted === 1 ? "one partition" : `${uncommitted} partitions`;
  return [`On ${where} ${group} had never committed before: there it stays where it is.`];
}

/** How many offsets the group has advanced since it was moved, over all partitions. */
function consumedSince(done: OffsetResetPreview | SkipPreview, now: OffsetResetPreview): string {
  const putAt = new Map(
    (done.kind === "skip" ? [done] : done.partitions).map(({ topic, partition, to }) => [
      partitionKey({ topic, partition }),
      BigInt(to),
    ]),
  );
  return now.partitions
    .reduce((sum, { topic, partition, from }) => {
      const moved = from === null ? 0n : BigInt(from) - (putAt.get(`${topic}/${partition}`) ?? BigInt(from));
      return moved > 0n ? sum + moved : sum;
    }, 0n)
    .toString();
}
