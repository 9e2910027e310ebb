import { topicMatches } from "../text/glob.ts";

/** `snapshot`: the body is the state. `merge_patch`: the body changes the state, as RFC 7396 says. */
export type Merge = "snapshot" | "merge_patch";

/**
 * What people say about how the events of a topic and type build a state; both are globs. A reducer is an expression
 * that makes the new state of the former and the body.
 */
export type MergeRule = { readonly topic: string; readonly type: string } & (
  | { readonly merge: Merge }
  | { readonly merge: "reducer"; readonly reducer: string }
);

/**
 * The first rule that holds for the event; null: none does. An event without a type is matched as one
 * with an empty type.
 */
export const mergeRuleOf = (rules: readonly MergeRule[], topic: string, type: string | null): MergeRule | null =>
  rules.find((rule) => topicMatches(rule.topic, topic) && topicMatches(rule.type, type ?? "")) ?? null;

/**
 * How bodies without a rule are taken: as snapshots when they are of one topic and always hold the same members, two at
 * least; else as merge patches.
 */
export function mergeByLook(bodies: readonly { readonly topic: string; readonly members: readonly string[] }[]): Merge {
  const [first] = bodies;
  if (first === undefined || bodies.length < 2) return "merge_patch";
  const members = [...first.members].sort().join("\n");
  return bodies.every((body) => body.topic === first.topic && [...body.members].sort().join("\n") === members)
    ? "snapshot"
    : "merge_patch";
}
