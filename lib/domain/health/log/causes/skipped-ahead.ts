import type { Finding } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import { countWords, partitionsWords, partitionWords, timeWords } from "../../../text/words.ts";

const SHOWN_FOR_MS = 600_000;

/**
 * Commits were set forward over events that nobody of the group has consumed. data: messages, partitions: {topic,
 * partition, from, to, at}.
 */
export function skippedAhead(situation: GroupSituation): Finding | null {
  const { nowMs, group } = situation;
  const ahead = situation.partitions.flatMap((at) =>
    at.skip !== null && nowMs - at.skip.atMs < SHOWN_FOR_MS ? [{ at, skip: at.skip }] : [],
  );
  ahead.sort((a, b) => (b.skip.to - b.skip.from > a.skip.to - a.skip.from ? 1 : -1));
  const [worst] = ahead;
  if (worst === undefined) return null;
  const messages = ahead.reduce((sum, { skip }) => sum + skip.to - skip.from, 0n);
  const sinceMs = ahead.reduce((first, { skip }) => Math.min(first, skip.atMs), Infinity);
  return {
    cause: "skipped_ahead",
    sinceMs,
    at: { topic: worst.at.topic, partition: worst.at.partition, offset: String(worst.skip.from) },
    sentence: `${group} was set forward over ${countWords(messages)} events on ${ahead.length === 1 ? partitionWords(worst.at) : partitionsWords(ahead.length)} that it has not consumed`,
    facts: [
      { label: "When", value: timeWords(sinceMs) },
      { label: partitionWords(worst.at), value: `from ${countWords(worst.skip.from)} to ${countWords(worst.skip.to)}` },
      ...(ahead.length > 1
        ? [
            {
              label: "Partitions",
              value: ahead
                .slice(0, 10)
                .map(({ at }) => partitionWords(at))
                .join(", "),
            },
          ]
        : []),
    ],
    data: {
      messages: String(messages),
      partitions: ahead.slice(0, 100).map(({ at, skip }) => ({
        topic: at.topic,
        partition: at.partition,
        from: String(skip.from),
        to: String(skip.to),
        at: new Date(skip.atMs).toISOString(),
      })),
    },
  };
}
