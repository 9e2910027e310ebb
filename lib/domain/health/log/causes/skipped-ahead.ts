import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import type { GroupSituation } from "../situation.ts";

/** How long it is reported: nothing ends it, as what was skipped stays skipped. */
const SHOWN_FOR_MS = 600_000;

/** Commits were set forward over events that no member of the group has consumed. */
export function skippedAhead(situation: GroupSituation): FindingOf<"skipped_ahead"> | null {
  const { nowMs } = situation;
  const ahead = situation.partitions.flatMap((at) =>
    at.skip !== null && nowMs - at.skip.atMs < SHOWN_FOR_MS ? [{ at, skip: at.skip }] : [],
  );
  ahead.sort((a, b) => (b.skip.to - b.skip.from > a.skip.to - a.skip.from ? 1 : -1));
  const [worst] = ahead;
  if (worst === undefined) return null;
  return {
    cause: "skipped_ahead",
    sinceMs: ahead.reduce((first, { skip }) => Math.min(first, skip.atMs), Infinity),
    at: { topic: worst.at.topic, partition: worst.at.partition, offset: String(worst.skip.from) },
    data: {
      messages: String(ahead.reduce((sum, { skip }) => sum + skip.to - skip.from, 0n)),
      partitions: ahead.slice(0, PARTITIONS_LISTED).map(({ at, skip }) => ({
        topic: at.topic,
        partition: at.partition,
        from: String(skip.from),
        to: String(skip.to),
        at: new Date(skip.atMs).toISOString(),
      })),
      partitionCount: ahead.length,
    },
  };
}
