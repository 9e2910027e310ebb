import type { PartitionRef } from "../finding.ts";
import type { GroupState } from "../group.ts";

export interface Subscriptions {
  readonly state: GroupState;
  readonly members: readonly { readonly assignment: readonly PartitionRef[] }[];
  readonly subscription: readonly string[];
}

/**
 * Of the topics on which a group has commits those that it does not consume any more: no member subscribes to them or
 * has any of their partitions. Its commits there are kept for days, and are no lag of anybody. Null: it does not tell
 * at the moment.
 */
export function leftTopics(
  { state, members, subscription }: Subscriptions,
  committed: Iterable<string>,
): ReadonlySet<string> | null {
  if (state !== "stable" || members.length === 0) return null;
  const consumed = new Set(subscription);
  for (const { assignment } of members) for (const { topic } of assignment) consumed.add(topic);
  if (consumed.size === 0) return null;
  return new Set([...committed].filter((topic) => !consumed.has(topic)));
}
