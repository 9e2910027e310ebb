import type { FindingOf, FindingWords } from "../finding.ts";
import { countWords, partitionsWords, partitionWords, timeWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";
import { jumpFacts } from "./jump-facts.ts";

export function skippedAheadWords(
  { sinceMs, data: { messages, partitions, partitionCount } }: FindingOf<"skipped_ahead">,
  { group, nowMs }: WordsContext,
): FindingWords {
  const [worst] = partitions;
  const where = partitionCount === 1 && worst !== undefined ? partitionWords(worst) : partitionsWords(partitionCount);
  const skipped = `${countWords(BigInt(messages))} events on ${where}`;
  return {
    sentence: `${group} was set forward over ${skipped} that it has not consumed`,
    facts: [{ label: "When", value: timeWords(sinceMs ?? nowMs) }, ...jumpFacts(partitions, "to")],
  };
}
