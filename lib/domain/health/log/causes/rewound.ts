import type { Finding } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import { countWords, partitionsWords, partitionWords, timeWords } from "../../../text/words.ts";

/** A few events again, or those that were just taken, are soon over; so many are meant, or a fault. */
const MANY = 100n;
const FEW_FOR_MS = 15_000;

/**
 * Commits went back, and what was consumed is being consumed again. data: messages, partitions: {topic,
 * partition, from, to, at}.
 */
export function rewound(situation: GroupSituation): Finding | null {
  const { nowMs, group } = situation;
  const back = situation.partitions.flatMap((at) => {
    const { rewind, committedOffset } = at;
    if (rewind === null || committedOffset === null || committedOffset >= rewind.from || at.lagMessages === 0n)
      return [];
    const isSetBack = !rewind.isReturn || committedOffset > rewind.to;
    return isSetBack && ((rewind.from - rewind.to >= MANY && !rewind.isReturn) || nowMs - rewind.atMs >= FEW_FOR_MS)
      ? [{ at, rewind, left: rewind.from - committedOffset }]
      : [];
  });
  back.sort((a, b) => (b.left > a.left ? 1 : -1));
  const [worst] = back;
  if (worst === undefined) return null;
  const messages = back.reduce((sum, { rewind }) => sum + rewind.from - rewind.to, 0n);
  const left = back.reduce((sum, one) => sum + one.left, 0n);
  const sinceMs = back.reduce((first, { rewind }) => Math.min(first, rewind.atMs), Infinity);
  return {
    cause: "rewound",
    sinceMs,
    at: { topic: worst.at.topic, partition: worst.at.partition, offset: String(worst.rewind.to) },
    sentence: `${group} was set back by ${countWords(messages)} events on ${back.length === 1 ? partitionWords(worst.at) : partitionsWords(back.length)}; ${countWords(left)} of them are still to be consumed again`,
    facts: [
      { label: "When", value: timeWords(sinceMs) },
      {
        label: partitionWords(worst.at),
        value: `from ${countWords(worst.rewind.from)} back to ${countWords(worst.rewind.to)}`,
      },
      ...(back.length > 1
        ? [
            {
              label: "Partitions",
              value: back
                .slice(0, 10)
                .map(({ at }) => partitionWords(at))
                .join(", "),
            },
          ]
        : []),
    ],
    data: {
      messages: String(messages),
      left: String(left),
      partitions: back.slice(0, 100).map(({ at, rewind }) => ({
        topic: at.topic,
        partition: at.partition,
        from: String(rewind.from),
        to: String(rewind.to),
        at: new Date(rewind.atMs).toISOString(),
      })),
    },
  };
}
