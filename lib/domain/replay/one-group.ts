/** How a replay reaches one group and nobody else. */

/**
 * Tells the groups of a topic for which one of them a record is meant; one that filters on it leaves the
 * others' records alone.
 */
export const TARGET_GROUP_HEADER = "flowtap-target-group";

export interface RetryTopic {
  readonly topic: string;
  /** where its records come from, when that is known */
  readonly source: string | null;
  readonly readers: readonly string[];
}

/** Frameworks that retry by topics read those in groups named after the first one: `payments`, `payments-retry-0`. */
export const isOrRetriesFor = (reader: string, group: string): boolean =>
  reader === group || reader.startsWith(`${group}-retry`);

/** The first retry topic of a topic that this group reads and no other does; null: there is none. */
export function retryTopicOf(topic: string, group: string, topics: readonly RetryTopic[]): string | null {
  const ofTopic = ({ topic: name, source }: RetryTopic): boolean =>
    source === topic || ["-", ".", "_"].some((mark) => name.startsWith(`${topic}${mark}retry`));
  const own = topics.filter(
    (one) => ofTopic(one) && one.readers.length > 0 && one.readers.every((reader) => isOrRetriesFor(reader, group)),
  );
  return own.map((one) => one.topic).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null;
}
