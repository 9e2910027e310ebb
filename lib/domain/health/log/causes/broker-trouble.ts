import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import type { GroupSituation } from "../situation.ts";
import { partitionWords } from "../../../text/words.ts";

/** A coordinator that only moves to another broker answers again within seconds. */
const FAULT_AFTER_MS = 10_000;

/** The broker fails: the coordinator or the cluster does not answer, or partitions of the group have no leader. */
export function brokerTrouble(situation: GroupSituation): FindingOf<"broker_trouble"> | null {
  const { brokerFault, nowMs } = situation;
  if (brokerFault !== null && nowMs - brokerFault.sinceMs >= FAULT_AFTER_MS) {
    return {
      cause: "broker_trouble",
      sinceMs: brokerFault.sinceMs,
      at: null,
      data: { reason: brokerFault.reason, leaderless: [], partitionCount: 0 },
    };
  }
  const leaderless = situation.partitions.filter((at) => !at.hasLeader);
  const [first] = leaderless;
  if (first === undefined) return null;
  return {
    cause: "broker_trouble",
    sinceMs: null,
    at: { topic: first.topic, partition: first.partition, offset: null },
    data: {
      reason: null,
      leaderless: leaderless.slice(0, PARTITIONS_LISTED).map(partitionWords),
      partitionCount: leaderless.length,
    },
  };
}
