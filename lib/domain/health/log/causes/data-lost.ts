import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import type { GroupSituation } from "../situation.ts";

/** Retention, or a person, deleted events before the group consumed them. */
export function dataLost(situation: GroupSituation): FindingOf<"data_lost"> | null {
  const lost = situation.partitions
    .filter((at) => at.lostMessages > 0n)
    .sort((a, b) => (b.lostMessages > a.lostMessages ? 1 : -1));
  const [worst] = lost;
  if (worst === undefined) return null;
  return {
    cause: "data_lost",
    sinceMs: null,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset ?? 0n) },
    data: {
      lostMessages: String(lost.reduce((sum, at) => sum + at.lostMessages, 0n)),
      partitions: lost.slice(0, PARTITIONS_LISTED).map((at) => ({
        topic: at.topic,
        partition: at.partition,
        committedOffset: String(at.committedOffset ?? 0n),
        logStartOffset: String(at.logStartOffset),
      })),
      partitionCount: lost.length,
    },
  };
}
