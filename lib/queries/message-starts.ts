/** Where each partition of a topic is read from. */
import type { MessagesQuery } from "#lib/contracts/topics.ts";
import { readPositionsAt, type PartitionEnds } from "#lib/store/destinations/offsets-read.ts";
import type { QueryDeps } from "./deps.ts";

/** Of a topic with more partitions than this, the busiest are read. */
const MOST_PARTITIONS = 24;

export const busiest = (ends: readonly PartitionEnds[]) =>
  ends
    .filter((end) => end.end > end.start)
    .sort((a, b) => (a.end - a.start > b.end - b.start ? -1 : 1))
    .slice(0, MOST_PARTITIONS);

export async function startsOf(
  deps: QueryDeps,
  ends: readonly PartitionEnds[],
  query: MessagesQuery,
): Promise<{ partition: number; from: bigint; end: bigint }[]> {
  if (query.at !== undefined) {
    const positions = await readPositionsAt(deps.prisma, ends, new Date(query.at));
    return ends.map((end) => ({
      partition: end.partition,
      end: end.end,
      from: positions.get(end.partition) ?? end.end,
    }));
  }
  return ends.map((end) => {
    const newest = end.end - BigInt(query.limit);
    const asked = query.offset === undefined ? newest : BigInt(query.offset);
    return { partition: end.partition, end: end.end, from: asked < end.start ? end.start : asked };
  });
}
