import type { Fact, FindingOf, FindingWords } from "../finding.ts";
import { durationWords, timeWords, waitingWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

export function noMembersWords(
  { data: { lagMessages, timeLagMs, emptySince, lastLeft, lastCommitAt, assignsItself } }: FindingOf<"no_members">,
  { group, nowMs }: WordsContext,
): FindingWords {
  const sinceMs = Date.parse(emptySince);
  const what = assignsItself ? "no members and has not committed" : "had no members";
  const waiting = waitingWords(BigInt(lagMessages));
  const oldest = timeLagMs > 0 ? `, the oldest for ${durationWords(timeLagMs)}` : "";
  const facts: Fact[] = [{ label: "Without members since", value: timeWords(sinceMs) }];
  if (lastLeft !== null) {
    const { clientId, host, at } = lastLeft;
    facts.push({ label: "Left last", value: `${clientId} on ${host}, ${timeWords(Date.parse(at))}` });
  }
  if (lastCommitAt !== null) facts.push({ label: "Last commit", value: timeWords(Date.parse(lastCommitAt)) });
  if (assignsItself) {
    facts.push({
      label: "Assignment",
      value: "its consumers assign themselves their partitions: only commits tell that they live",
    });
  }
  return { sentence: `${group} has ${what} for ${durationWords(nowMs - sinceMs)}; ${waiting}${oldest}`, facts };
}
