import type { FindingOf, FindingWords } from "../finding.ts";
import { partitionsWords, waitingWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";
import { listWords } from "./lists.ts";

export function notConsumingWords({ data }: FindingOf<"not_consuming">, { group }: WordsContext): FindingWords {
  const { kind, partitions, partitionCount, members } = data;
  return {
    sentence: `${whatOf(data, group)}; ${waitingWords(BigInt(data.waitingMessages))}`,
    facts: [
      {
        label: kind === "never_committed" ? "Never committed" : "Read by nobody",
        value: listWords(partitions, partitionCount),
      },
      { label: "Members", value: String(members) },
    ],
  };
}

function whatOf(
  { kind, topic, partitions, partitionCount }: FindingOf<"not_consuming">["data"],
  group: string,
): string {
  const first = partitions[0] ?? "";
  const where = partitionCount === 1 ? first : partitionsWords(partitionCount);
  switch (kind) {
    case "topic":
      return `${group} subscribes to ${topic}, but none of its members has a partition of it`;
    case "partitions":
      return `Nobody of ${group} reads ${where}${partitionCount === 1 ? "" : `, ${first} among them`}`;
    case "never_committed":
      return `${group} was assigned ${where} and has never committed there`;
  }
}
