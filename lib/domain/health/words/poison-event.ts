import type { Fact, FindingOf, FindingWords } from "../finding.ts";
import { countWords, durationWords, partitionWords, timesWords, waitingWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

const OTHERS_LISTED = 9;

export function poisonEventWords(
  { at, sinceMs, data }: FindingOf<"poison_event">,
  { group, nowMs }: WordsContext,
): FindingWords {
  const where = at === null ? group : partitionWords(at);
  const offset = countWords(BigInt(data.offset));
  const facts: Fact[] = [
    {
      label: "At the head",
      value: `offset ${offset} of ${where}, for ${durationWords(nowMs - (sinceMs ?? nowMs))}`,
    },
    { label: "Behind it", value: waitingWords(BigInt(data.lagMessages)) },
  ];
  if (data.clientId !== null && data.host !== null)
    facts.push({ label: "Its reader", value: `${data.clientId} on ${data.host}` });
  const others = data.partitions
    .slice(1, 1 + OTHERS_LISTED)
    .map((one) => `${partitionWords(one)} at ${countWords(BigInt(one.offset))}`);
  if (others.length > 0) facts.push({ label: "Also", value: others.join(", ") });
  return { sentence: `${where} does not get past offset ${offset}${evidenceWords(data, group)}`, facts };
}

/** What shows that the consumer runs all the while. */
function evidenceWords(
  { shownBy, clientId, otherPartitions, returns }: FindingOf<"poison_event">["data"],
  group: string,
): string {
  switch (shownBy) {
    case "others_move":
      return `; ${clientId ?? "its reader"} lives and gets on elsewhere`;
    case "others_idle":
      if (clientId === null) return "";
      return `; ${clientId} lives${otherPartitions > 0 ? " and the other partitions keep up" : ""}`;
    case "commits_again":
      return ", and it is committed again and again";
    case "goes_back":
      return `: ${group} went back to it ${timesWords(returns ?? 1)}`;
  }
}
