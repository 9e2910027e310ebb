/** What is unusual about the offsets of a partition: the words of its flag, and what they mean. */
import type { PartitionFlag, PartitionRow } from "#lib/contracts/groups.ts";

const BEYOND_END_CAUSES = "the topic was made anew, or the log was cut";
const UNREADABLE_RECORDS = "only a transaction’s own records, or what an open transaction holds back";
export const FLAG_WORDS: Readonly<Record<PartitionFlag, { readonly word: string; readonly means: string }>> = {
  unsubscribed: {
    word: "no longer subscribed",
    means: "No member of the group subscribes to this topic any more: what it has committed here is kept, and no lag.",
  },
  compacted: {
    word: "gaps",
    means: "Compaction or retention left gaps behind the committed offset: fewer events wait than the offsets say.",
  },
  lost: { word: "lost", means: "The log begins after the committed offset: what lay between was deleted unread." },
  beyond_end: {
    word: "beyond end",
    means: `The committed offset lies beyond the log’s end: ${BEYOND_END_CAUSES}. The next fetch resets it.`,
  },
  transaction: {
    word: "transaction",
    means: `Behind it lie ${UNREADABLE_RECORDS}: no event that could be read waits.`,
  },
  clock_ahead: {
    word: "clock ahead",
    means: "Producers’ clocks run ahead of the broker’s: the time lag may be too small.",
  },
};

/** What the flags beside the numbers mean, where there are any: a title alone is nothing for a finger. */
export function PartitionFlags({ rows }: { readonly rows: readonly PartitionRow[] }) {
  const flags = [...new Set(rows.flatMap(({ flag }) => flag ?? []))];
  if (flags.length === 0) return null;
  return (
    <dl className="flex flex-col gap-1 border-t px-3.5 py-2 text-xs text-mut">
      {flags.map((flag) => (
        <div key={flag} className="flex gap-2">
          <dt className="shrink-0 font-medium text-text">{FLAG_WORDS[flag].word}</dt>
          <dd>{FLAG_WORDS[flag].means}</dd>
        </div>
      ))}
    </dl>
  );
}
