import type { FindingOf } from "../../finding.ts";
import type { GroupSituation } from "../situation.ts";
import { growingTopics, lagOf } from "./growing-lag.ts";

/** The group makes progress, but events arrive faster. */
export function tooSlow(situation: GroupSituation): FindingOf<"too_slow"> | null {
  const growing = growingTopics(situation).find(({ hot }) => hot.length === 0);
  if (growing === undefined || situation.brokerFault !== null) return null;
  const { topic, partitions, inRate, outRate } = growing;
  const worst = partitions.reduce((most, at) => (at.lagMessages > most.lagMessages ? at : most));
  return {
    cause: "too_slow",
    sinceMs: growing.sinceMs,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    data: {
      topic: topic.topic,
      inRate,
      outRate,
      factor: outRate > 0 ? inRate / outRate : null,
      lagMessages: String(lagOf(partitions)),
      members: situation.members.length,
      partitions: topic.partitionCount,
    },
  };
}
