/** What a person should know before offsets are reset. */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";
import { resetPartition, type ResetTarget } from "#lib/domain/replay/offset-reset.ts";
import type { PartitionProgress } from "./partition-progress.ts";

const NAMED_IN_NOTES = 5;

/** Notes on the partitions that were asked for and that the reset does not change. */
export function notesOn(
  input: OffsetResetPlanInput,
  target: ResetTarget,
  wanted: readonly PartitionRef[],
  found: readonly PartitionProgress[],
): string[] {
  const untouched = new Set(found.map(partitionKey));
  const untold = wanted.filter((ref) => !untouched.has(partitionKey(ref)));
  const unknownOrLeaderless = untold.length === 1 ? "it, or it has" : "them, or they have";
  const left = found.filter(({ facts }) => resetPartition(facts, target) === null);
  const where =
    target.how === "group"
      ? `where ${target.group} never committed`
      : target.how === "shift"
        ? `where ${input.group} never committed, so there is nothing to count from`
        : "for which no offset is named";
  return [
    ...(untold.length === 0
      ? []
      : [`Left: ${namesOf(untold)}. The broker does not know ${unknownOrLeaderless} no leader now.`]),
    ...(left.length === 0 ? [] : [`Left as ${left.length === 1 ? "it is" : "they are"}: ${namesOf(left)}, ${where}.`]),
    ...outsideOf(found, target),
  ];
}

/**
 * A note on each offset that was named for one partition and that its log does not hold (any more). Where all
 * partitions get the same offset, that is to be expected and needs no note.
 */
function outsideOf(found: readonly PartitionProgress[], target: ResetTarget): string[] {
  if (target.how !== "group" && target.how !== "offsets") return [];
  const outside = found.filter(
    ({ facts: { namedOffset, logStartOffset, endOffset } }) =>
      namedOffset !== null && (namedOffset < logStartOffset || namedOffset > endOffset),
  );
  return outside.length === 0
    ? []
    : [`The log of ${namesOf(outside)} does not hold that offset: it goes to the nearest that is there.`];
}

function namesOf(refs: readonly PartitionRef[]): string {
  const names = refs
    .slice(0, NAMED_IN_NOTES)
    .map(({ topic, partition }) => `${topic}[${partition}]`)
    .join(", ");
  return refs.length > NAMED_IN_NOTES ? `${names} and ${refs.length - NAMED_IN_NOTES} more` : names;
}
