import { topicMatches } from "../text/glob.ts";

/** A JSON Schema for the bodies of the events of a type, a topic (globs), or both if both are given. */
export interface SchemaRule {
  readonly type?: string | undefined;
  /** only events with exactly this version */
  readonly version?: string | undefined;
  readonly topic?: string | undefined;
  readonly file: string;
}

/**
 * The result of checking a body against its schema. `schema` is the file; `why` is what does not match, or why the body
 * could not be checked.
 */
export type SchemaVerdict =
  | { readonly state: "matches"; readonly schema: string; readonly why: null }
  | { readonly state: "differs"; readonly schema: string; readonly why: string }
  | { readonly state: "unchecked"; readonly schema: string | null; readonly why: string };

/** The first rule that matches the event; null if none does. */
export function schemaRuleOf<R extends SchemaRule>(
  rules: readonly R[],
  { type, version, topic }: { readonly type: string | null; readonly version: string | null; readonly topic: string },
): R | null {
  return (
    rules.find(
      (rule) =>
        (rule.type === undefined || (type !== null && topicMatches(rule.type, type))) &&
        (rule.version === undefined || rule.version === version) &&
        (rule.topic === undefined || topicMatches(rule.topic, topic)),
    ) ?? null
  );
}
