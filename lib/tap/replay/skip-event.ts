/**
 * Moves a group past one event: writes a copy of it first, then moves the offset. The copy is written in a transaction
 * and can be found by its mark, and the offset shows whether it was moved: so a process that takes the run over sees
 * what is left to do.
 */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import { readGroupCommits } from "#lib/commands/partition-progress.ts";
import type { SkipPreview } from "#lib/contracts/replay-preview.ts";
import { skipHeaders } from "#lib/domain/replay/skip.ts";
import { SKIP_REASONS } from "#lib/domain/replay/skip-reasons.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import type { RedriveBroker } from "./redrive.ts";
import { openSource } from "#lib/brokers/record-source.ts";
import { endsOf, notesOf, TargetEnds } from "./run-notes.ts";
import { settle } from "./settle.ts";
import { afterRefusal, untilEmpty, type OnWaiting } from "./wait-for-empty.ts";

export async function skipEvent(
  run: ClaimedRun,
  preview: SkipPreview,
  broker: RedriveBroker,
  signal: AbortSignal,
  onWaiting: OnWaiting,
): Promise<void> {
  const { inspector } = broker;
  const { group, topic, partition } = preview;
  const [from, to] = [BigInt(preview.from), BigInt(preview.to)];
  const asked = { run, inspector, group, signal, onWaiting };
  while (await untilEmpty(asked)) {
    const stands =
      (await readGroupCommits(inspector, group)).committed.get(partitionKey({ topic, partition }))?.offset ?? null;
    if (stands !== from) return finishMoved(run, preview, stands !== null && stands >= to);
    if (!(await keepCopy(run, preview, broker, signal))) return;
    try {
      await inspector.resetOffsets(group, [{ topic, partition, offset: to }]);
      return await run.finish("completed", null);
    } catch (error) {
      if (!isBrokerFault(error, "group_not_empty"))
        return run.finish(
          "failed",
          `The copy is kept, but the group was not moved: ${error instanceof Error ? error.message : String(error)}`,
        );
      if (!(await afterRefusal(asked, error))) return;
    }
  }
}

/** The group is not at the event: an earlier process moved it before it died, or the group has moved by itself. */
async function finishMoved(run: ClaimedRun, { group, offset }: SkipPreview, isPast: boolean): Promise<void> {
  const kept = (await run.items.count("sent")) > 0;
  if (isPast && kept) return run.finish("completed", null);
  await run.finish(
    "failed",
    isPast
      ? `${group} has got past offset ${offset} by itself: nothing was skipped and no copy kept`
      : `${group} has moved since the preview; preview it again`,
  );
}

/** True: the copy is in its topic, whichever process wrote it. False: the run has ended, or is left for later. */
async function keepCopy(
  run: ClaimedRun,
  preview: SkipPreview,
  { reader, inspector, openPublisher }: RedriveBroker,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await run.items.count("sent")) > 0) return true;
  const refused = async (error: unknown): Promise<false> => {
    if (!isBrokerFault(error, "records_refused")) throw error;
    await run.finish("failed", `No copy could be kept, so the event was not skipped: ${error.message}`);
    return false;
  };
  const publisher = await openPublisher(`flowtap-replay-${run.wireName}`).catch(refused);
  if (publisher === false) return false;
  try {
    await settle(run, { reader, inspector }, signal);
    const [item] = await run.items.read("pending", 1);
    if (item === undefined) return true;
    const origin = { topic: preview.topic, partition: preview.partition, offset: BigInt(preview.offset) };
    const record = await openSource(reader).read(origin, origin.offset);
    if (typeof record === "string") {
      await run.finish("failed", `${SKIP_REASONS[record]}: there is nothing to skip any more`);
      return false;
    }
    const { actor: by, reason: why } = await run.startedBy();
    const headers = skipHeaders(
      record.headers,
      { origin, timestampMs: record.timestampMs, group: preview.group, by, why },
      { run: run.wireName, item: item.seq },
    );
    const target = { topic: preview.deadLetterTopic, partition: null };
    const ends = new TargetEnds(() => endsOf([target], inspector), notesOf(await run.readResult()));
    if (!(await run.items.markSending([item.seq], await ends.note(Date.now())))) return false;
    const placed = await publisher
      .publish([
        {
          ...target,
          key: record.key,
          value: record.value,
          headers,
        },
      ])
      .catch(refused);
    if (placed === false) return false;
    ends.wrote(placed.map((at) => ({ ...at, topic: target.topic })));
    await run.items.markSent(placed.map((at) => ({ ...at, seq: item.seq })));
    return true;
  } finally {
    await publisher.close();
  }
}
