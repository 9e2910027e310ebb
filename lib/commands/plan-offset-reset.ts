import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";
import type { OffsetResetPreview } from "#lib/contracts/replay-preview.ts";
import { handsOutSingly } from "#lib/domain/health/group.ts";
import { offsetResetCommand } from "#lib/domain/replay/command-line.ts";
import { resetPartition, type ResetTarget } from "#lib/domain/replay/offset-reset.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { invalid } from "./deps.ts";
import { notesOn } from "./offset-reset-notes.ts";
import {
  partitionsOf,
  readGroupCommits,
  readProgress,
  type GroupCommits,
  type PartitionProgress,
} from "./partition-progress.ts";

const MEMBERS_SHOWN = 100;
const MAX_PARTITIONS = 10_000;

/** What the reset would do if it were done now. Rejects when the broker cannot be asked. */
export async function previewOffsetReset(
  inspector: LogInspector,
  brokers: readonly string[],
  input: OffsetResetPlanInput,
): Promise<Result<OffsetResetPreview, AppError>> {
  const target = targetOf(input.to);
  const named = await readNamedOffsets(inspector, input);
  if (!named.ok) return named;
  const commits = await readGroupCommits(inspector, input.group);
  if (commits.info !== null && handsOutSingly(commits.info.protocol))
    return err(
      invalid("group", `The broker hands the events of ${input.group} out one by one: there is no offset to reset.`),
    );
  const wanted = await wantedPartitions(inspector, input, commits, named.value);
  if (wanted.length > MAX_PARTITIONS)
    return err(
      invalid(
        "topics",
        `${wanted.length} partitions are more than one reset takes (${MAX_PARTITIONS}). Choose topics.`,
      ),
    );
  const found = await readProgress(inspector, commits, {
    wanted,
    timeMs: target.how === "timestamp" ? Date.parse(target.at) : null,
    named: named.value,
  });
  const partitions = found.flatMap(({ topic, partition, facts }) => {
    const reset = resetPartition(facts, target);
    return reset === null ? [] : [{ topic, partition, ...reset, logStart: facts.logStartOffset, end: facts.endOffset }];
  });
  if (partitions.length === 0) return err(noPartitions(input, commits, found));
  const sum = (of: "seenAgain" | "skipped"): string =>
    partitions.reduce((total, partition) => total + partition[of], 0n).toString();
  return ok({
    kind: "offset_reset",
    group: input.group,
    cluster: input.cluster,
    members: (commits.info?.members ?? []).slice(0, MEMBERS_SHOWN).map(({ clientId, host }) => ({ clientId, host })),
    emptySince: null,
    partitions: partitions.map(({ topic, partition, from, to, logStart, end, seenAgain, skipped }) => ({
      topic,
      partition,
      from: from?.toString() ?? null,
      to: to.toString(),
      logStart: logStart.toString(),
      end: end.toString(),
      seenAgain: seenAgain.toString(),
      skipped: skipped.toString(),
    })),
    seenAgain: sum("seenAgain"),
    skipped: sum("skipped"),
    notes: notesOn(input, target, wanted, found),
    cli: offsetResetCommand({ brokers, group: input.group, partitions, target }),
  });
}

/** The target of each partition, where the target names one for each; null where it does not. */
async function readNamedOffsets(
  inspector: LogInspector,
  { cluster, group, to }: OffsetResetPlanInput,
): Promise<Result<ReadonlyMap<string, bigint> | null, AppError>> {
  if (to.how === "offsets") {
    const named = new Map(to.offsets.map((one) => [partitionKey(one), BigInt(one.offset)]));
    return named.size === to.offsets.length
      ? ok(named)
      : err(invalid("to.offsets", "A partition is named twice. Name each once."));
  }
  if (to.how !== "group") return ok(null);
  if (to.group === group) return err(invalid("to.group", `${group} stands there already: name another group.`));
  const { info, committed } = await readGroupCommits(inspector, to.group);
  if (info !== null && handsOutSingly(info.protocol))
    return err(
      invalid("to.group", `The broker hands the events of ${to.group} out one by one: it has no offsets to copy.`),
    );
  return committed.size === 0
    ? err(invalid("to.group", `${to.group} has committed nothing on ${cluster}: there are no offsets to copy.`))
    : ok(new Map([...committed].map(([name, { offset }]) => [name, offset])));
}

/**
 * Those asked for; else those named one by one; else what the group has committed to, and what a copied group has on
 * the same topics.
 */
async function wantedPartitions(
  inspector: LogInspector,
  { topics, to }: OffsetResetPlanInput,
  { committed }: GroupCommits,
  named: ReadonlyMap<string, bigint> | null,
): Promise<PartitionRef[]> {
  if (topics.length > 0) return partitionsOf(inspector, topics);
  if (to.how === "offsets") return to.offsets.map(({ topic, partition }) => ({ topic, partition }));
  const own = [...committed.values()].map(({ topic, partition }) => ({ topic, partition }));
  if (named === null) return own;
  const read = new Set(own.map(({ topic }) => topic));
  const copied = [...named.keys()].map(refOf).filter(({ topic }) => read.size === 0 || read.has(topic));
  return [...new Map([...own, ...copied].map((ref) => [partitionKey(ref), ref])).values()];
}

function refOf(name: string): PartitionRef {
  const slash = name.lastIndexOf("/");
  return { topic: name.slice(0, slash), partition: Number(name.slice(slash + 1)) };
}

function targetOf(to: OffsetResetPlanInput["to"]): ResetTarget {
  switch (to.how) {
    case "earliest":
    case "latest":
    case "offsets":
      return { how: to.how };
    case "group":
      return { how: "group", group: to.group };
    case "timestamp":
      // Kafka's tool wants milliseconds written out.
      return { how: "timestamp", at: new Date(to.at).toISOString() };
    case "offset":
      return { how: "offset", offset: BigInt(to.offset) };
    case "shift":
      return { how: "shift", by: BigInt(to.by) };
  }
}

function noPartitions(
  input: OffsetResetPlanInput,
  { committed }: GroupCommits,
  found: readonly PartitionProgress[],
): AppError {
  if (found.length > 0 && input.to.how === "group")
    return invalid("to.group", `${input.to.group} has committed nothing there: there are no offsets to copy.`);
  if (found.length > 0 && input.to.how === "shift")
    return invalid("to", `${input.group} has committed nothing there: there is nothing to count a shift from.`);
  if (found.length > 0) return invalid("to", "No offset is named for any of these partitions.");
  if (input.topics.length > 0 || input.to.how === "offsets" || committed.size > 0)
    return invalid("topics", `There is no such topic or partition on ${input.cluster}.`);
  return { code: "not_found", message: `${input.group} has no committed offsets on ${input.cluster}.` };
}
