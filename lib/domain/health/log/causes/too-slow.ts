import type { Finding } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import { countWords, partitionsWords, rateWords, waitingWords } from "../../../text/words.ts";
import { growingTopics, lagOf } from "./growing-lag.ts";

/** Commits move, arrival is faster. data: topic, inRate, outRate, factor, members, partitions. */
export function tooSlow(situation: GroupSituation): Finding | null {
  const growing = growingTopics(situation).find(({ hot }) => hot.length === 0);
  if (growing === undefined || situation.brokerFault !== null) return null;
  const { topic, partitions, inRate, outRate } = growing;
  const { members, group } = situation;
  const factor = outRate > 0 ? inRate / outRate : null;
  const worst = partitions.reduce((most, at) => (at.lagMessages > most.lagMessages ? at : most));
  const needed = factor === null ? null : Math.ceil(Math.max(1, members.length) * factor);
  const bound =
    members.length >= topic.partitionCount
      ? `none: ${partitionsWords(topic.partitionCount)} have a reader each; faster processing or more partitions`
      : `up to ${countWords(topic.partitionCount)}, one for each partition; ${members.length} ${members.length === 1 ? "is" : "are"} there`;
  return {
    cause: "too_slow",
    sinceMs: growing.sinceMs,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    sentence: `${group} is too slow for ${topic.topic}: ${rateWords(inRate)}/s come, ${rateWords(outRate)}/s are consumed; ${waitingWords(lagOf(partitions))}`,
    facts: [
      {
        label: "Needed",
        value:
          factor === null
            ? "it hardly moves"
            : `${factor >= 10 ? Math.round(factor) : Math.round(factor * 10) / 10} times what it does now`,
      },
      { label: "More members help", value: bound },
      ...(needed !== null && needed > topic.partitionCount
        ? [{ label: "Even then", value: `as it works now ${countWords(needed)} members would be needed` }]
        : []),
    ],
    data: { topic: topic.topic, inRate, outRate, factor, members: members.length, partitions: topic.partitionCount },
  };
}
