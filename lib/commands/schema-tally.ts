/** Counts how the bodies of a replay match their schemas, and why not. */
import type { SchemaVerdict } from "#lib/domain/observe/schema-rule.ts";

export interface SchemaTally {
  readonly matching: number;
  readonly differing: number;
  /** of those that differ, by the index of the item */
  readonly first: readonly { readonly seq: number; readonly schema: string; readonly why: string }[];
  readonly unchecked: { why: string; items: number }[];
}

const MOST_DIFFERING = 20;
const MOST_REASONS = 10;
/** Types come from brokers, and so does how many there are of them. */
const MOST_REASONS_KEPT = 1000;

export function openTally(): { add(seq: number, verdict: SchemaVerdict): void; sum(): SchemaTally } {
  const unchecked = new Map<string, number>();
  const differing: { seq: number; schema: string; why: string }[] = [];
  let matching = 0;
  return {
    add: (seq, { state, schema, why }) => {
      if (state === "matches") matching += 1;
      else if (state === "differs") differing.push({ seq, schema, why });
      else {
        const reason = unchecked.has(why) || unchecked.size < MOST_REASONS_KEPT ? why : "other reasons";
        unchecked.set(reason, (unchecked.get(reason) ?? 0) + 1);
      }
    },
    sum: () => ({
      matching,
      differing: differing.length,
      first: differing.sort((a, b) => a.seq - b.seq).slice(0, MOST_DIFFERING),
      unchecked: [...unchecked]
        .map(([why, items]) => ({ why, items }))
        .sort((a, b) => b.items - a.items)
        .slice(0, MOST_REASONS),
    }),
  };
}
