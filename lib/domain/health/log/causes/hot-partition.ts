import type { Finding } from "../../cause.ts";
import { hasWaiting, type GroupSituation } from "../situation.ts";
import { countWords, partitionsWords, partitionWords, rateWords } from "../../../text/words.ts";
import { growingTopics, lagOf } from "./growing-lag.ts";

/**
 * The lag sits in few partitions, which get far more than the others. data: partitions: {topic, partition, offset,
 * lagMessages}, keys (added from the index).
 */
export function hotPartition(situation: GroupSituation): Finding | null {
  const growing = growingTopics(situation).find(({ hot }) => hot.length > 0);
  const [worst] = growing?.hot ?? [];
  if (growing === undefined || worst === undefined) return null;
  const { hot, partitions, inRate, outRate } = growing;
  const keptUp = partitions.some((at) => !hot.includes(at) && hasWaiting(at, situation.allowedLagMessages))
    ? ""
    : ", while the others keep up";
  const share = Number((lagOf(hot) * 100n) / lagOf(partitions));
  return {
    cause: "hot_partition",
    sinceMs: growing.sinceMs,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    sentence: `${share} % of the lag of ${situation.group} on ${worst.topic} sits in ${hot.length === 1 ? partitionWords(worst) : partitionsWords(hot.length)} of ${partitions.length}: ${rateWords(inRate)}/s in, ${rateWords(outRate)}/s out${keptUp}`,
    facts: [
      {
        label: "Hot",
        value: hot
          .slice(0, 10)
          .map((at) => `${partitionWords(at)}: ${countWords(at.lagMessages)} wait`)
          .join(", "),
      },
      { label: "There", value: `${rateWords(inRate)}/s in, ${rateWords(outRate)}/s out` },
      { label: "More members", value: "do not help: one partition has one reader; spread the keys" },
    ],
    data: {
      partitions: hot.slice(0, 100).map((at) => ({
        topic: at.topic,
        partition: at.partition,
        offset: String(at.committedOffset),
        lagMessages: String(at.lagMessages),
      })),
      keys: [],
    },
  };
}

export interface KeyShare {
  readonly key: string;
  /** 0–1 of the events looked at */
  readonly share: number;
}

/** The same finding with the keys that make the partition hot, of so many events looked at. */
export function withHotKeys(finding: Finding, keys: readonly KeyShare[], events: number): Finding {
  if (keys.length === 0) return finding;
  const told = keys
    .slice(0, 5)
    .map(({ key, share }) => `${key} ${Math.round(share * 100)} %`)
    .join(", ");
  return {
    ...finding,
    facts: [{ label: "Keys that wait there", value: `${told} (of ${countWords(events)} events)` }, ...finding.facts],
    data: { ...finding.data, keys },
  };
}
