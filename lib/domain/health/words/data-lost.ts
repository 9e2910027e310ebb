import type { FindingOf, FindingWords } from "../finding.ts";
import { countWords, partitionsWords, partitionWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

export function dataLostWords(
  { data: { lostMessages, partitions, partitionCount } }: FindingOf<"data_lost">,
  { group }: WordsContext,
): FindingWords {
  const [worst] = partitions;
  const lost = BigInt(lostMessages);
  const where = partitionCount === 1 && worst !== undefined ? partitionWords(worst) : partitionsWords(partitionCount);
  const [events, were, them] = lost === 1n ? ["event", "was", "it"] : ["events", "were", "them"];
  return {
    sentence: `${countWords(lost)} ${events} of ${where} ${were} deleted before ${group} consumed ${them}`,
    facts: [
      { label: "Committed offset", value: countWords(BigInt(worst?.committedOffset ?? 0)) },
      { label: "The log begins at", value: countWords(BigInt(worst?.logStartOffset ?? 0)) },
      { label: "Deleted unread", value: countWords(lost) },
    ],
  };
}
