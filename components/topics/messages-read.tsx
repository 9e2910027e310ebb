/** What was read to show these messages: of the live tail, and of a search from a position. */
import { compact, count } from "#components/ui/format.ts";
import type { MessagesView } from "#lib/contracts/topics.ts";
import type { Tail } from "./use-tail.ts";

export const TailLine = ({ tail, paused }: { readonly tail: Tail; readonly paused: boolean }) => (
  <span className="text-mut" role="status">
    {paused ? "paused" : tail.state === "open" ? "live" : "reconnecting"} · {count(tail.received)} received
    {tail.skipped > 0 && <span className="text-dim"> · {compact(tail.skipped)} not shown</span>}
  </span>
);

/** The offsets that were read, so that unread ranges are not taken for empty ones. */
export function SearchedOffsets({ searched }: { readonly searched: MessagesView["searched"] }) {
  const [first, ...more] = searched;
  if (first === undefined) return null;
  const ranges = searched.map((one) => `partition ${one.partition}: ${count(one.from)} to ${count(one.to)}`).join("\n");
  return (
    <span className="text-mut" title={ranges}>
      read{" "}
      {more.length === 0
        ? `offsets ${count(first.from)} to ${count(first.to)} of partition ${first.partition}`
        : `${searched.length} partitions (hover for offsets)`}
    </span>
  );
}
