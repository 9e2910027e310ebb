import type { Finding } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import { countWords, partitionsWords, partitionWords } from "../../../text/words.ts";

/** A coordinator that is being moved is back within seconds. */
const FAULT_AFTER_MS = 10_000;

/**
 * The broker does not do its part: partitions of the group have no leader, or its coordinator or the cluster does not
 * answer. data: leaderless: places.
 */
export function brokerTrouble(situation: GroupSituation): Finding | null {
  const { brokerFault, nowMs, group } = situation;
  if (brokerFault !== null && nowMs - brokerFault.sinceMs >= FAULT_AFTER_MS) {
    return {
      cause: "broker_trouble",
      sinceMs: brokerFault.sinceMs,
      at: null,
      sentence: `The broker does not tell of ${group}: ${brokerFault.reason}`,
      facts: [{ label: "The broker says", value: brokerFault.reason }],
      data: { leaderless: [], reason: brokerFault.reason },
    };
  }
  const leaderless = situation.partitions.filter((at) => !at.hasLeader);
  const [first] = leaderless;
  if (first === undefined) return null;
  return {
    cause: "broker_trouble",
    sinceMs: null,
    at: { topic: first.topic, partition: first.partition, offset: null },
    sentence:
      leaderless.length === 1
        ? `${partitionWords(first)} has no leader: nobody can read it`
        : `${partitionsWords(leaderless.length)}, ${partitionWords(first)} among them, have no leader: nobody can read them`,
    facts: [
      {
        label: "Without a leader",
        value:
          leaderless.slice(0, 10).map(partitionWords).join(", ") +
          (leaderless.length > 10 ? ` and ${countWords(leaderless.length - 10)} more` : ""),
      },
    ],
    data: { leaderless: leaderless.slice(0, 100).map(partitionWords) },
  };
}
