import { topicMatches } from "../text/glob.ts";

/**
 * A JSON Schema that the bodies of some events are to match: of this type, on this topic (globs), or both where
 * both are given.
 */
export interface SchemaRule {
  readonly type?: string | undefined;
  /** only of events that state exactly this version */
  readonly version?: string | undefined;
  readonly topic?: string | undefined;
  readonly file: string;
}

/**
 * What became of holding a body against its schema; `schema` is the file, `why` what does not match, or why
 * nothing could be said.
 */
export type SchemaVerdict =
  | { readonly state: "matches"; readonly schema: string; readonly why: null }
  | { readonly state: "differs"; readonly schema: string; readonly why: string }
  | { readonly state: "unchecked"; readonly schema: string | null; readonly why: string };

/** The first rule that holds for an event; null: none is known. */
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
