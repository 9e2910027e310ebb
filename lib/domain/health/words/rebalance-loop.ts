import type { Fact, FindingOf, FindingWords } from "../finding.ts";
import { countWords, durationWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

export function rebalanceLoopWords(
  { data: { rebalances, windowMs, joined, left, byClient, consumed } }: FindingOf<"rebalance_loop">,
  { group }: WordsContext,
): FindingWords {
  const [busiest] = Object.entries(byClient).sort((a, b) => b[1] - a[1]);
  const who = busiest !== undefined && busiest[1] > 1 ? `; ${busiest[0]} came ${busiest[1]} times` : "";
  const span = durationWords(windowMs);
  const interval = durationWords(Math.max(1000, windowMs / rebalances));
  const facts: Fact[] = [{ label: "Rebalances", value: `${rebalances} in ${span}, one every ${interval}` }];
  if (joined + left > 0) facts.push({ label: "Members", value: `${joined} came, ${left} went` });
  if (busiest !== undefined) facts.push({ label: "Comes and goes most", value: `${busiest[0]}, ${busiest[1]} times` });
  facts.push({ label: "Consumed meanwhile", value: consumed === 0 ? "nothing" : countWords(consumed) });
  return { sentence: `${group} divides its partitions again and again: ${rebalances} times in ${span}${who}`, facts };
}
