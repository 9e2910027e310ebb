import type { Fact, FindingOf, FindingWords } from "../finding.ts";
import { countWords, partitionsWords, rateWords, waitingWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

export function tooSlowWords({ data }: FindingOf<"too_slow">, { group }: WordsContext): FindingWords {
  const { topic, inRate, outRate, factor, members, partitions } = data;
  const rates = `${rateWords(inRate)}/s come, ${rateWords(outRate)}/s are consumed`;
  const needed = factor === null ? null : Math.ceil(Math.max(1, members) * factor);
  const facts: Fact[] = [
    { label: "Needed", value: factor === null ? "it hardly moves" : `${factorWords(factor)} times what it does now` },
    { label: "More members help", value: boundWords(members, partitions) },
  ];
  if (needed !== null && needed > partitions)
    facts.push({ label: "Even then", value: `as it works now ${countWords(needed)} members would be needed` });
  return {
    sentence: `${group} is too slow for ${topic}: ${rates}; ${waitingWords(BigInt(data.lagMessages))}`,
    facts,
  };
}

const factorWords = (factor: number): string =>
  String(factor >= 10 ? Math.round(factor) : Math.round(factor * 10) / 10);

function boundWords(members: number, partitions: number): string {
  if (members >= partitions)
    return `none: ${partitionsWords(partitions)} have a reader each; faster processing or more partitions`;
  return `up to ${countWords(partitions)}, one for each partition; ${members} ${members === 1 ? "is" : "are"} there`;
}
