import type { FindingOf, FindingWords } from "../finding.ts";
import { countWords, partitionsWords, partitionWords, timeWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";
import { jumpFacts } from "./jump-facts.ts";

export function rewoundWords({ sinceMs, data }: FindingOf<"rewound">, { group, nowMs }: WordsContext): FindingWords {
  const { partitions, partitionCount } = data;
  const [worst] = partitions;
  const where = partitionCount === 1 && worst !== undefined ? partitionWords(worst) : partitionsWords(partitionCount);
  const left = `${countWords(BigInt(data.left))} of them are still to be consumed again`;
  return {
    sentence: `${group} was set back by ${countWords(BigInt(data.messages))} events on ${where}; ${left}`,
    facts: [{ label: "When", value: timeWords(sinceMs ?? nowMs) }, ...jumpFacts(partitions, "back to")],
  };
}
