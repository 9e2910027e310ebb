import { topicRoleByName, type TopicRoleFacts } from "../failure/dead-letter.ts";
import { errorEventsOn, type CompiledErrorEvent, type ErrorEventRule } from "../failure/error-event.ts";
import { parseJsonPath, type JsonPath } from "../message/json-path.ts";
import { topicMatches } from "../text/glob.ts";

/** What the configuration declares about headers, bodies and topics. Topics are globs. */
export interface ObserveRules {
  readonly correlationHeaders: readonly string[];
  readonly correlationJsonPaths: readonly string[];
  readonly typeHeaders: readonly string[];
  readonly typeJsonPaths: readonly string[];
  readonly serviceHeaders: readonly string[];
  readonly producers: readonly { readonly topic: string; readonly service: string }[];
  readonly deadLetterTopics: readonly { readonly topic: string; readonly source?: string; readonly group?: string }[];
  readonly retryTopics: readonly { readonly topic: string; readonly source?: string }[];
  readonly errorEvents: readonly ErrorEventRule[];
}

/** The rules that apply to one topic. */
interface TopicRules {
  readonly producer: string | null;
  readonly role: TopicRoleFacts;
  /** what the configuration declares it to hold; null: not declared, so its name and records decide */
  readonly declared: { readonly role: "dead_letter" | "retry"; readonly source: string | null } | null;
  readonly errorEvents: readonly CompiledErrorEvent[];
}

export interface CompiledRules {
  readonly correlationHeaders: readonly string[];
  readonly typeHeaders: readonly string[];
  readonly serviceHeaders: readonly string[];
  readonly correlationPaths: readonly JsonPath[];
  readonly typePaths: readonly JsonPath[];
  readonly ofTopic: (topic: string) => TopicRules;
}

const maxTopicsRemembered = 50_000;
const compiledRules = new WeakMap<ObserveRules, CompiledRules>();

/**
 * Prepares the rules for use on every record. Each rules object is compiled once, so it must not be changed after its
 * first use.
 */
export function compileRules(rules: ObserveRules): CompiledRules {
  let compiled = compiledRules.get(rules);
  if (compiled === undefined) compiledRules.set(rules, (compiled = compile(rules)));
  return compiled;
}

function compile(rules: ObserveRules): CompiledRules {
  const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());
  // An invalid path finds nothing; the configuration has reported it already.
  const paths = (texts: readonly string[]): readonly JsonPath[] =>
    texts.map(parseJsonPath).filter((path) => path !== null);
  const topics = new Map<string, TopicRules>();
  return {
    correlationHeaders: lower(rules.correlationHeaders),
    typeHeaders: lower(rules.typeHeaders),
    serviceHeaders: lower(rules.serviceHeaders),
    correlationPaths: paths(rules.correlationJsonPaths),
    typePaths: paths(rules.typeJsonPaths),
    ofTopic(topic) {
      let known = topics.get(topic);
      if (known === undefined) {
        if (topics.size >= maxTopicsRemembered) topics.clear();
        topics.set(topic, (known = rulesOfTopic(rules, topic)));
      }
      return known;
    },
  };
}

function rulesOfTopic(rules: ObserveRules, topic: string): TopicRules {
  const deadLetter = rules.deadLetterTopics.find((rule) => topicMatches(rule.topic, topic));
  const retry =
    deadLetter === undefined ? rules.retryTopics.find((rule) => topicMatches(rule.topic, topic)) : undefined;
  const declared =
    deadLetter === undefined ? null : { source: deadLetter.source ?? null, group: deadLetter.group ?? null };
  return {
    producer: rules.producers.find((rule) => topicMatches(rule.topic, topic))?.service ?? null,
    role: {
      ...(retry === undefined ? topicRoleByName(topic) : { deadLetterName: false, retryName: true }),
      declared,
    },
    declared:
      declared !== null
        ? { role: "dead_letter", source: declared.source }
        : retry !== undefined
          ? { role: "retry", source: retry.source ?? null }
          : null,
    errorEvents: errorEventsOn(topic, rules.errorEvents),
  };
}
