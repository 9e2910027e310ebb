/** Failures as errors of the groups that failed. */
import type { StoredDeadLetter } from "#lib/store/correlation/dead-letters-read.ts";
import type { ConsumeTotal } from "#lib/store/correlation/rollups-write.ts";
import { openSketch } from "#lib/store/db/sketch.ts";
import { bucketOf } from "./pass.ts";

/**
 * A dead letter is an error of the group that gave up, on the topic it read; an error event, of the group whose
 * work it tells of.
 */
export function errorTotals(
  failures: readonly Pick<StoredDeadLetter, "groupId" | "originalDestinationId" | "storedAtMs">[],
): ConsumeTotal[] {
  const totals = new Map<string, ConsumeTotal>();
  for (const { groupId, originalDestinationId, storedAtMs } of failures) {
    if (groupId === null || originalDestinationId === null) continue;
    const bucketMs = bucketOf(storedAtMs);
    const key = `${bucketMs}/${groupId}/${originalDestinationId}`;
    const total = totals.get(key) ?? {
      bucketMs,
      groupId,
      destinationId: originalDestinationId,
      consumed: 0n,
      errors: 0,
      latency: openSketch(),
    };
    total.errors++;
    totals.set(key, total);
  }
  return [...totals.values()];
}
