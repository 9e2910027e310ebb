import type { AppError } from "#lib/contracts/errors.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replays.ts";
import { offsetResetCommand } from "#lib/domain/replay/command-line.ts";
import { resetPartition, type ResetTarget } from "#lib/domain/replay/offset-reset.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { brokerSaid, invalid, type CommandDeps } from "./deps.ts";
import { readGroupStanding, type GroupStanding } from "./group-standing.ts";
import type { Preview } from "./plan-replay.ts";

const MEMBERS_SHOWN = 100;
const MAX_PARTITIONS = 10_000;

export async function previewOffsetReset(deps: CommandDeps, input: OffsetResetPlanInput): Promise<Result<Preview, AppError>> {
  const inspector = deps.inspectorOf(input.cluster);
  if (inspector === null) return err({ code: "not_found", message: `There is no cluster ${input.cluster} in the configuration.` });
  const target = targetOf(input.to);
  let found: GroupStanding;
  try {
    found = await readGroupStanding(inspector, input.group, input.topics, target.how === "timestamp" ? Date.parse(target.at) : null);
  } catch (error) {
    return err(brokerSaid(error));
  }
  if (found.info?.protocol === "share") return err(invalid("group", `${input.group} is a share group: the broker hands its records out one by one, there is no offset to reset.`));
  const partitions = found.partitions.flatMap(({ topic, partition, standing }) => {
    const reset = resetPartition(standing, target);
    return reset === null ? [] : [{ topic, partition, ...reset, logStart: standing.logStartOffset, end: standing.endOffset }];
  });
  if (partitions.length === 0) return err(noPartitions(input, found));
  if (partitions.length > MAX_PARTITIONS) return err(invalid("topics", `${partitions.length} partitions are more than one reset takes (${MAX_PARTITIONS}). Choose topics.`));
  const sum = (of: "seenAgain" | "skipped"): string => partitions.reduce((total, partition) => total + partition[of], 0n).toString();
  return ok({
    cluster: input.cluster,
    group: input.group,
    items: [],
    preview: {
      kind: "offset_reset",
      group: input.group,
      cluster: input.cluster,
      members: (found.info?.members ?? []).slice(0, MEMBERS_SHOWN).map(({ clientId, host }) => ({ clientId, host })),
      partitions: partitions.map(({ topic, partition, from, to, logStart, end, seenAgain, skipped }) => ({
        topic, partition, from: from?.toString() ?? null, to: to.toString(), logStart: logStart.toString(), end: end.toString(), seenAgain: seenAgain.toString(), skipped: skipped.toString(),
      })),
      seenAgain: sum("seenAgain"),
      skipped: sum("skipped"),
      cli: offsetResetCommand({ brokers: deps.brokersOf(input.cluster), group: input.group, partitions, target }),
    },
  });
}

function targetOf(to: OffsetResetPlanInput["to"]): ResetTarget {
  switch (to.how) {
    case "earliest":
    case "latest":
      return { how: to.how };
    case "timestamp":
      // Kafka's tool wants milliseconds written out.
      return { how: "timestamp", at: new Date(to.at).toISOString() };
    case "offset":
      return { how: "offset", offset: BigInt(to.offset) };
    case "shift":
      return { how: "shift", by: BigInt(to.by) };
  }
}

function noPartitions(input: OffsetResetPlanInput, found: GroupStanding): AppError {
  if (found.partitions.length > 0) return invalid("to", `${input.group} has committed nothing there: there is nothing to count a shift from.`);
  if (input.topics.length > 0) return invalid("topics", `There is no such topic or partition on ${input.cluster}.`);
  return { code: "not_found", message: `${input.group} has no committed offsets on ${input.cluster}.` };
}
