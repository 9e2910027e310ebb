/**
 * Resets the offsets of an empty group. The former offsets are stored first: they allow to undo the reset, and show a
 * process that takes the run over whether the reset was done. The broker itself refuses a group that has members.
 */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { readGroupCommits } from "#lib/commands/partition-progress.ts";
import { previewOffsetReset } from "#lib/commands/plan-offset-reset.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";
import type { OffsetResetPreview } from "#lib/contracts/replay-preview.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import { FormerOffsets } from "#lib/store/replays/run-log.ts";
import { afterRefusal, untilEmpty, type OnWaiting } from "./wait-for-empty.ts";

interface ResetBroker {
  readonly inspector: LogInspector;
  readonly addresses: readonly string[];
}

export async function resetOffsets(
  run: ClaimedRun,
  input: OffsetResetPlanInput,
  broker: ResetBroker,
  signal: AbortSignal,
  onWaiting: OnWaiting,
): Promise<void> {
  const { inspector } = broker;
  if (FormerOffsets.safeParse(run.result).success && !(await goesOn(run, inspector))) return;
  const asked = { run, inspector, group: input.group, signal, onWaiting };
  while (await untilEmpty(asked)) {
    const preview = run.result === null ? await noteFormer(run, input, broker) : resetOf(run);
    if (preview === null) return;
    try {
      await inspector.resetOffsets(
        input.group,
        preview.partitions.map(({ topic, partition, to }) => ({ topic, partition, offset: BigInt(to) })),
      );
      return await run.finish("completed", null);
    } catch (error) {
      if (!isBrokerFault(error, "group_not_empty"))
        return run.finish("failed", error instanceof Error ? error.message : String(error));
      await run.withdrawReset();
      if (!(await afterRefusal(asked, error))) return;
    }
  }
}

function resetOf({ plan: { preview } }: ClaimedRun): OffsetResetPreview {
  if (preview.kind !== "offset_reset") throw new Error(`a reset of offsets was planned as ${preview.kind}`);
  return preview;
}

/** For a reset that a process began and did not finish: true when the broker has not done it. */
async function goesOn(run: ClaimedRun, inspector: LogInspector): Promise<boolean> {
  const { group, partitions } = resetOf(run);
  const { committed } = await readGroupCommits(inspector, group);
  const allStandAt = (which: "from" | "to"): boolean =>
    partitions.every((one) => (committed.get(partitionKey(one))?.offset.toString() ?? null) === one[which]);
  if (allStandAt("to")) await run.finish("completed", null);
  else if (allStandAt("from")) return true;
  else {
    const unknown = `${group} has moved on since: it cannot be told whether the reset was done.`;
    const remedy = "Look where it stands and plan anew; where it stood before is kept.";
    await run.finish("failed", `Flowtap was interrupted, and ${unknown} ${remedy}`);
  }
  return false;
}

/** The reset to do, stored together with the group's current offsets. Null: the run has ended. */
async function noteFormer(
  run: ClaimedRun,
  input: OffsetResetPlanInput,
  broker: ResetBroker,
): Promise<OffsetResetPreview | null> {
  const found = await (run.plan.waitUntil === undefined
    ? asPreviewed(resetOf(run), broker.inspector)
    : workedOutNow(resetOf(run), input, broker));
  if (!found.ok) {
    await run.finish("failed", found.error);
    return null;
  }
  const former = found.value.partitions.map(({ topic, partition, from }) => ({ topic, partition, offset: from }));
  return (await run.beginReset(found.value, { former })) ? found.value : null;
}

async function asPreviewed(
  preview: OffsetResetPreview,
  inspector: LogInspector,
): Promise<Result<OffsetResetPreview, string>> {
  const { committed } = await readGroupCommits(inspector, preview.group);
  const moved = preview.partitions.some(
    (one) => (committed.get(partitionKey(one))?.offset.toString() ?? null) !== one.from,
  );
  return moved ? err(`${preview.group} has moved since the preview; preview it again`) : ok(preview);
}

/**
 * A group that the run waited for has consumed more meanwhile: "the end" and "a hundred back" are relative to the
 * offsets at which it stopped.
 */
async function workedOutNow(
  { undoes, notes }: OffsetResetPreview,
  input: OffsetResetPlanInput,
  { inspector, addresses }: ResetBroker,
): Promise<Result<OffsetResetPreview, string>> {
  const found = await previewOffsetReset(inspector, addresses, input);
  return found.ok ? ok({ ...found.value, ...(undoes !== undefined && { undoes, notes }) }) : err(found.error.message);
}
