/** How far share groups have come, as an offset for each partition. */
import { partitionKey } from "../partition-key.ts";
import type { CommittedOffset } from "../ports/log-inspector.ts";
import type { ShareGroupOffsets } from "./inspect-share.ts";

/** beyond this, all groups are forgotten and learned again */
const MAX_GROUPS = 20000;

/**
 * How far share groups have come. A coordinator moves the start offset of a share partition lazily: it may be before
 * records that are all acknowledged. The lag is exact, so the log's end offset of a moment earlier minus the lag is a
 * better estimate: it is never beyond the true progress. It never moves back either, unless the group is reset.
 */

export class ShareProgress {
  readonly #done = new Map<string, ReadonlyMap<string, { readonly start: bigint; readonly done: bigint }>>();

  add(
    group: string,
    partitions: readonly {
      readonly key: string;
      readonly startOffset: bigint;
      readonly lag: bigint;
      readonly endOffset: bigint | undefined;
    }[],
  ): Map<string, bigint> {
    const before = this.#done.get(group);
    const now = new Map(
      partitions.map(({ key, startOffset: start, lag, endOffset }) => {
        const reported = lag >= 0n && endOffset !== undefined && endOffset - lag > start ? endOffset - lag : start;
        const last = before?.get(key);
        const isAhead = last !== undefined && last.start <= start && last.done > reported;
        return [key, { start, done: isAhead ? last.done : reported }];
      }),
    );
    if (this.#done.size > MAX_GROUPS) this.#done.clear();
    this.#done.set(group, now);
    return new Map([...now].map(([key, { done }]) => [key, done]));
  }

  /** The progress as committed offsets; `endOffsets` by partition key, read before the group's offsets were. */
  committedOf(
    { groupId: group, topics }: ShareGroupOffsets,
    endOffsets: ReadonlyMap<string, bigint>,
  ): CommittedOffset[] {
    const reported = topics.flatMap(({ topicName: topic, partitions }) =>
      partitions
        .filter((at) => at.errorCode === 0 && at.startOffset >= 0n)
        .map((at) => {
          const key = partitionKey({ topic, partition: at.partition });
          return { ...at, topic, key, endOffset: endOffsets.get(key) };
        }),
    );
    const done = this.add(group, reported);
    return reported.map(({ topic, partition, key, startOffset }) => ({
      group,
      topic,
      partition,
      offset: done.get(key) ?? startOffset,
    }));
  }
}
