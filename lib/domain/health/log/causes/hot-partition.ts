import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import { hasWaiting, type GroupSituation } from "../situation.ts";
import { growingTopics, lagOf } from "./growing-lag.ts";

/** Nearly all the lag sits in few partitions, which receive far more events than the others. */
export function hotPartition(situation: GroupSituation): FindingOf<"hot_partition"> | null {
  const growing = growingTopics(situation).find(({ hot }) => hot.length > 0);
  const [worst] = growing?.hot ?? [];
  if (growing === undefined || worst === undefined) return null;
  const { hot, partitions, inRate, outRate } = growing;
  return {
    cause: "hot_partition",
    sinceMs: growing.sinceMs,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    data: {
      partitions: hot.slice(0, PARTITIONS_LISTED).map((at) => ({
        topic: at.topic,
        partition: at.partition,
        offset: String(at.committedOffset),
        lagMessages: String(at.lagMessages),
      })),
      partitionCount: hot.length,
      ofPartitions: partitions.length,
      lagPercent: Number((lagOf(hot) * 100n) / lagOf(partitions)),
      inRate,
      outRate,
      othersKeepUp: !partitions.some((at) => !hot.includes(at) && hasWaiting(at, situation.allowedLagMessages)),
      keys: [],
    },
  };
}
