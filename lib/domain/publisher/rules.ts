/** Who publishes a topic and which service a group belongs to, as people declare it. */

export const PUBLISHER_RULE_KINDS = ["topic", "group"] as const;
export type PublisherRuleKind = (typeof PUBLISHER_RULE_KINDS)[number];

/** Taken over from what Flowtap found; topic and group are meant exactly. */
export interface PublisherRule {
  readonly kind: PublisherRuleKind;
  readonly name: string;
  readonly service: string;
}

/** The lines of the configuration that say the same; topics and groups are globs there. */
export interface PublisherSettings {
  readonly producers: readonly { readonly topic: string; readonly service: string }[];
  readonly groupServices: readonly { readonly group: string; readonly service: string }[];
}

/** A name with these would be a pattern in a line of the configuration. */
const isPattern = (name: string): boolean => /[*?]/.test(name);

/** With what was taken over behind it: the configuration comes first. */
export function withPublisherRules<S extends PublisherSettings>(settings: S, rules: readonly PublisherRule[]): S {
  if (rules.length === 0) return settings;
  const exact = rules.filter(({ name }) => !isPattern(name));
  const of = (kind: PublisherRuleKind) => exact.filter((rule) => rule.kind === kind);
  return {
    ...settings,
    producers: [...settings.producers, ...of("topic").map(({ name: topic, service }) => ({ topic, service }))],
    groupServices: [...settings.groupServices, ...of("group").map(({ name: group, service }) => ({ group, service }))],
  };
}
