/**
 * What of a planned redrive is left out by choice: single events by hand, and events that a newer one of their
 * key has overtaken.
 */

import type { ItemReason } from "./item-reason.ts";

/** `ask`: nobody has chosen yet, and the run waits for that. */
export type StaleChoice = "ask" | "send" | "skip" | "newest";

export interface Choice {
  readonly stale: StaleChoice;
  /** items left out by hand */
  readonly excluded: readonly number[];
  /** targets that only the records of a topic name, and that nobody has confirmed */
  readonly unconfirmed: readonly NamedTarget[];
}

/** A target and the dead-letter topic whose records name it: what one topic's records name, another's need not. */
export interface NamedTarget {
  readonly source: string;
  readonly topic: string;
}

export const namedTargetKey = ({ source, topic }: NamedTarget): string => JSON.stringify([source, topic]);

export interface PlannedItem {
  /** its place in the order of sending: of one key, the later one was published later */
  readonly seq: number;
  readonly sourceTopic: string;
  readonly targetTopic: string;
  /** null: by key */
  readonly targetPartition: number | null;
  readonly key: string | null;
  /** it is stale: its key has since had a newer event, which is not itself part of the plan */
  readonly isStale: boolean;
}

export type LeftOutReason = Extract<
  ItemReason,
  "left_out_by_hand" | "target_not_confirmed" | "left_out_stale" | "left_out_older"
>;

/** The reason for each item that is left out, by its seq; all other items are sent. */
export function leftOut(
  items: readonly PlannedItem[],
  { stale, excluded, unconfirmed }: Choice,
): Map<number, LeftOutReason> {
  const byHand = new Set(excluded);
  const open = new Set(unconfirmed.map(namedTargetKey));
  const isUnconfirmed = ({ sourceTopic, targetTopic }: PlannedItem): boolean =>
    open.size > 0 && open.has(namedTargetKey({ source: sourceTopic, topic: targetTopic }));
  const sent = items.filter((item) => !byHand.has(item.seq) && !isUnconfirmed(item));
  const newest = new Map(sent.filter(({ isStale }) => isStale).map((item) => [sequenceOf(item), item.seq]));
  const reasons = new Map<number, LeftOutReason>();
  for (const item of items)
    if (byHand.has(item.seq)) reasons.set(item.seq, "left_out_by_hand");
    else if (isUnconfirmed(item)) reasons.set(item.seq, "target_not_confirmed");
  for (const item of sent) {
    if (!item.isStale) continue;
    if (stale === "skip") reasons.set(item.seq, "left_out_stale");
    if (stale === "newest" && newest.get(sequenceOf(item)) !== item.seq) reasons.set(item.seq, "left_out_older");
  }
  return reasons;
}

const sequenceOf = ({ targetTopic, targetPartition, key }: PlannedItem): string =>
  JSON.stringify([targetTopic, targetPartition, key]);

const MOST_SHOWN = 20;

export interface Summary {
  readonly items: number;
  readonly byTopic: ReadonlyMap<string, number>;
  /** the partitions with the most items; null: by key */
  readonly partitions: readonly { readonly topic: string; readonly partition: number | null; readonly items: number }[];
  /** the keys with the most items */
  readonly keys: readonly { readonly key: string; readonly items: number }[];
}

/** What is sent, counted. */
export function summaryOf(items: readonly PlannedItem[]): Summary {
  const most = <T extends { readonly items: number }>(rows: readonly T[]): T[] =>
    rows.toSorted((a, b) => b.items - a.items);
  const byTarget = Map.groupBy(items, ({ targetTopic, targetPartition }) =>
    JSON.stringify([targetTopic, targetPartition]),
  );
  const byKey = Map.groupBy(
    items.filter(({ key }) => key !== null),
    ({ key }) => key ?? "",
  );
  return {
    items: items.length,
    byTopic: new Map(
      [...Map.groupBy(items, ({ targetTopic }) => targetTopic)].map(([topic, rows]) => [topic, rows.length]),
    ),
    partitions: most(
      [...byTarget.values()].map((rows) => ({
        topic: rows[0]?.targetTopic ?? "",
        partition: rows[0]?.targetPartition ?? null,
        items: rows.length,
      })),
    ).slice(0, MOST_SHOWN),
    keys: most([...byKey].map(([key, rows]) => ({ key, items: rows.length }))).slice(0, MOST_SHOWN),
  };
}
