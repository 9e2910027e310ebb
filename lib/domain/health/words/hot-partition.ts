import type { Fact, FindingOf, FindingWords, KeyShare, ReportedFindingOf } from "../finding.ts";
import { countWords, partitionsWords, partitionWords, rateWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

const PARTITIONS_LISTED = 10;
const KEYS_LISTED = 5;

export function hotPartitionWords({ at, data }: FindingOf<"hot_partition">, { group }: WordsContext): FindingWords {
  const { partitions, partitionCount, ofPartitions, lagPercent, inRate, outRate, othersKeepUp } = data;
  const topic = at?.topic ?? "";
  const where = partitionCount === 1 && at !== null ? partitionWords(at) : partitionsWords(partitionCount);
  const lagShare = `${lagPercent} % of the lag of ${group} on ${topic}`;
  const rates = `${rateWords(inRate)}/s in, ${rateWords(outRate)}/s out`;
  const others = othersKeepUp ? ", while the others keep up" : "";
  const waiting = partitions
    .slice(0, PARTITIONS_LISTED)
    .map((one) => `${partitionWords(one)}: ${countWords(BigInt(one.lagMessages))} wait`);
  return {
    sentence: `${lagShare} sits in ${where} of ${ofPartitions}: ${rates}${others}`,
    facts: [
      { label: "Hot", value: waiting.join(", ") },
      { label: "There", value: rates },
      { label: "More members", value: "do not help: one partition has one reader; spread the keys" },
    ],
  };
}

/** The same finding with the keys that make the partition hot; `events`: how many events were looked at. */
export function withHotKeys(
  finding: ReportedFindingOf<"hot_partition">,
  keys: readonly KeyShare[],
  events: number,
): ReportedFindingOf<"hot_partition"> {
  if (keys.length === 0) return finding;
  const shares = keys.slice(0, KEYS_LISTED).map(({ key, share }) => `${key} ${Math.round(share * 100)} %`);
  const fact: Fact = {
    label: "Keys that wait there",
    value: `${shares.join(", ")} (of ${countWords(events)} events)`,
  };
  return { ...finding, facts: [fact, ...finding.facts], data: { ...finding.data, keys } };
}
