/** One page of messages, merged from the stretches read of several partitions. */
import type { MessageView } from "#lib/contracts/events.ts";
import type { MessagesView } from "#lib/contracts/topics.ts";

export interface Stretch {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly items: readonly MessageView[];
}

const byTime = (a: MessageView, b: MessageView) =>
  Date.parse(a.timestamp ?? "") - Date.parse(b.timestamp ?? "") ||
  a.partition - b.partition ||
  Number(BigInt(a.offset) - BigInt(b.offset));
const rangeOf = ({ partition, from, to }: { partition: number; from: bigint; to: bigint }) => ({
  partition,
  from: String(from),
  to: String(to),
});

/** The newest of all stretches. A stretch that lost its older part begins after it. */
export function newestOf(stretches: readonly Stretch[], limit: number): MessagesView {
  const shown = stretches
    .flatMap((stretch) => stretch.items)
    .sort(byTime)
    .slice(-limit);
  const kept = new Set(shown);
  return {
    items: shown,
    searched: stretches.map((stretch) => {
      const lost = stretch.items.findLast((item) => !kept.has(item));
      return rangeOf({ ...stretch, from: lost === undefined ? stretch.from : BigInt(lost.offset) + 1n });
    }),
  };
}

/** The first of all stretches. A stretch that lost its newer part ends before it. */
export function firstOf(stretches: readonly Stretch[], limit: number): MessagesView {
  const shown = stretches
    .flatMap((stretch) => stretch.items)
    .sort(byTime)
    .slice(0, limit);
  const kept = new Set(shown);
  return {
    items: shown,
    searched: stretches.map((stretch) => {
      const lost = stretch.items.find((item) => !kept.has(item));
      return rangeOf({ ...stretch, to: lost === undefined ? stretch.to : BigInt(lost.offset) });
    }),
  };
}
