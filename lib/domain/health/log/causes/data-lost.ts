import type { Finding } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import { countWords, partitionsWords, partitionWords } from "../../../text/words.ts";

/**
 * Retention, or somebody, deleted events before the group consumed them. data: lostMessages, partitions: {topic,
 * partition, committedOffset, logStartOffset}.
 */
export function dataLost(situation: GroupSituation): Finding | null {
  const lost = situation.partitions
    .filter((at) => at.lostMessages > 0n)
    .sort((a, b) => (b.lostMessages > a.lostMessages ? 1 : -1));
  const [worst] = lost;
  if (worst === undefined) return null;
  const messages = lost.reduce((sum, at) => sum + at.lostMessages, 0n);
  const where = lost.length === 1 ? partitionWords(worst) : partitionsWords(lost.length);
  return {
    cause: "data_lost",
    sinceMs: null,
    at: { topic: worst.topic, partition: worst.partition, offset: String(worst.committedOffset) },
    sentence: `${countWords(messages)} ${messages === 1n ? "event" : "events"} of ${where} ${messages === 1n ? "was" : "were"} deleted before ${situation.group} consumed ${messages === 1n ? "it" : "them"}`,
    facts: [
      { label: "Committed offset", value: countWords(worst.committedOffset ?? 0n) },
      { label: "The log begins at", value: countWords(worst.logStartOffset) },
      { label: "Deleted unread", value: countWords(messages) },
    ],
    data: {
      lostMessages: String(messages),
      partitions: lost.slice(0, 100).map((at) => ({
        topic: at.topic,
        partition: at.partition,
        committedOffset: String(at.committedOffset),
        logStartOffset: String(at.logStartOffset),
      })),
    },
  };
}
