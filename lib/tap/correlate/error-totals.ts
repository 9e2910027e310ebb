/** Failures as errors of the groups that failed. */
import type { StoredDeadLetter } from "#lib/store/correlation/dead-letters-read.ts";
import type { ConsumeTotal } from "#lib/store/correlation/rollups-write.ts";
import { openSketch } from "#lib/store/db/sketch.ts";
import { bucketOf } from "./pass.ts";

/**
 * A dead letter is an error of the group that gave up, on the topic it read; an error event, of the group whose
 * work it tells of. What is `mistaken` was counted before and is not so.
 */
export function errorTotals(
  failures: readonly Pick<StoredDeadLetter, "groupId" | "originalDestinationId" | "storedAtMs">[],
  mistaken: typeof failures = [],
): ConsumeTotal[] {
  const totals = new Map<string, ConsumeTotal>();
  const signed = [...failures.map((failure) => [failure, 1] as const), ...mistaken.map((f) => [f, -1] as const)];
  for (const [{ groupId, originalDestinationId, storedAtMs }, sign] of signed) {
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
    total.errors += sign;
    totals.set(key, total);
  }
  return [...totals.values()];
}
