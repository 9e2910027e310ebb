import { topicMatches } from "../text/glob.ts";

/** `snapshot`: the body is the state. `merge_patch`: the body is applied to the state (RFC 7396). */
export type Merge = "snapshot" | "merge_patch";

/**
 * A configured rule for how the events of a topic and type (both globs) change an entity's state. A reducer is an
 * expression that computes the new state from the previous state and the body.
 */
export type MergeRule = { readonly topic: string; readonly type: string } & (
  | { readonly merge: Merge }
  | { readonly merge: "reducer"; readonly reducer: string }
);

/** The first rule that matches the event; null if none does. An event without a type is matched as an empty type. */
export const mergeRuleOf = (rules: readonly MergeRule[], topic: string, type: string | null): MergeRule | null =>
  rules.find((rule) => topicMatches(rule.topic, topic) && topicMatches(rule.type, type ?? "")) ?? null;

/**
 * How to merge bodies that no rule matches: as snapshots if there are at least two, all of one topic and all with the
 * same members; else as merge patches.
 */
export function mergeByShape(
  bodies: readonly { readonly topic: string; readonly members: readonly string[] }[],
): Merge {
  const [first] = bodies;
  if (first === undefined || bodies.length < 2) return "merge_patch";
  const members = [...first.members].sort().join("\n");
  return bodies.every((body) => body.topic === first.topic && [...body.members].sort().join("\n") === members)
    ? "snapshot"
    : "merge_patch";
}
