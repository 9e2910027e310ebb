/**
 * Where the keys of dead letters live now. A topic that was given more partitions has other partitions for most of its
 * keys: what is sent to the partition an event was first on could be consumed before or beside newer events of its key.
 */
import type { RedriveItem } from "./redrive.ts";

/** The newest event of a key in one partition, as indexed. */
export interface NewestEvent {
  readonly topic: string;
  readonly key: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly atMs: number;
}

export interface KeyHome {
  /** where the newest event of the key lies */
  readonly partition: number;
  /** its offset, when it came later than every one of these items of that key; null: it did not */
  readonly newer: bigint | null;
}

/** By the items' indexes: those whose key has had a newer event, or lives in another partition than they came from. */
export function keyHomes(items: readonly RedriveItem[], newest: readonly NewestEvent[]): Map<number, KeyHome> {
  const known = Map.groupBy(newest, ({ topic, key }) => nameOf(topic, key));
  const own = Map.groupBy(items.entries(), ([, { event }]) => nameOf(event.originalTopic ?? "", event.key ?? ""));
  const homes = new Map<number, KeyHome>();
  for (const [name, entries] of own) {
    const rows = known.get(name) ?? [];
    if (rows.length === 0) continue;
    const events = entries.map(([, { event }]) => event);
    const latest = new Map<number, bigint>();
    for (const { originalPartition: partition, originalOffset: offset } of events)
      if (partition !== null && offset !== null && offset > (latest.get(partition) ?? -1n))
        latest.set(partition, offset);
    const latestMs = events.reduce((last, { publishedAtMs }) => Math.max(last, publishedAtMs), 0);
    for (const [index, { event }] of entries) {
      const { key, originalPartition: partition, originalOffset } = event;
      if (key === null || partition === null || originalOffset === null) continue;
      const here = rows.find((row) => row.partition === partition);
      const elsewhere = rows
        .filter((row) => row.partition !== partition && row.atMs > Math.max(here?.atMs ?? 0, event.publishedAtMs))
        .reduce<NewestEvent | null>((last, row) => (last === null || row.atMs > last.atMs ? row : last), null);
      const home = elsewhere ?? here;
      if (home === undefined) continue;
      const isNewer =
        home.offset > (latest.get(home.partition) ?? -1n) && (home.partition === partition || home.atMs > latestMs);
      if (isNewer || home.partition !== partition)
        homes.set(index, { partition: home.partition, newer: isNewer ? home.offset : null });
    }
  }
  return homes;
}

/**
 * What would return to its own partition goes where its key lives now. Events of one key that come from several
 * partitions then meet in one: they are put in the order of their times.
 */
export function followKeys(items: readonly RedriveItem[], homes: ReadonlyMap<number, KeyHome>): RedriveItem[] {
  const moved = items.map((item, index) => {
    const home = homes.get(index);
    return home === undefined || item.targetPartition === null || item.targetPartition === home.partition
      ? item
      : { ...item, targetPartition: home.partition };
  });
  const follows = (index: number): boolean => moved[index] !== items[index];
  const sorted = [...moved];
  for (const entries of Map.groupBy(moved.entries(), ([, { event, targetTopic, targetPartition }]) =>
    JSON.stringify([event.key, targetTopic, targetPartition]),
  ).values()) {
    if (!entries.some(([index]) => follows(index))) continue;
    const byTime = entries.map(([, item]) => item).sort((a, b) => a.event.publishedAtMs - b.event.publishedAtMs);
    for (const [i, [index]] of entries.entries()) sorted[index] = byTime[i] as RedriveItem;
  }
  return sorted;
}

const nameOf = (topic: string, key: string): string => JSON.stringify([topic, key]);
