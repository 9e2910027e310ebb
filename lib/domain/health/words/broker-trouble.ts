import type { FindingOf, FindingWords } from "../finding.ts";
import { partitionsWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";
import { listWords } from "./lists.ts";

export function brokerTroubleWords(
  { data: { reason, leaderless, partitionCount } }: FindingOf<"broker_trouble">,
  { group }: WordsContext,
): FindingWords {
  if (reason !== null) {
    return {
      sentence: `The broker does not tell of ${group}: ${reason}`,
      facts: [{ label: "The broker says", value: reason }],
    };
  }
  const first = leaderless[0] ?? "";
  return {
    sentence:
      partitionCount === 1
        ? `${first} has no leader: nobody can read it`
        : `${partitionsWords(partitionCount)}, ${first} among them, have no leader: nobody can read them`,
    facts: [{ label: "Without a leader", value: listWords(leaderless, partitionCount) }],
  };
}
