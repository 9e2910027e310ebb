import type { HeaderIndex } from "../message/headers.ts";
import { deadLetterFacts, type DeadLetterFacts, type KnownFacts } from "./facts.ts";
import type { DeadLetterFormat } from "./dead-letter-formats/format.ts";
import { DEAD_LETTER_FORMATS } from "./dead-letter-formats/table.ts";
import { rootTypeOf } from "./stack.ts";
import { isDeadLetterName, isRetryName, sourceByName } from "./topic-names.ts";

/** Lower-case names of the headers that may describe a failure; a record with none of them has no failure headers. */
export const FAILURE_MARKERS: readonly string[] = DEAD_LETTER_FORMATS.flatMap((format) => format.markers);

/** What is known of a topic before any record of it is read. */
export interface TopicRoleFacts {
  /**
   * the configuration declares that the topic holds dead letters, perhaps with their source and the group that failed
   */
  readonly declared: { readonly source: string | null; readonly group: string | null } | null;
  readonly deadLetterName: boolean;
  readonly retryName: boolean;
}

/** The role of a topic that the configuration does not declare, by its name. */
export const topicRoleByName = (topic: string): TopicRoleFacts => ({
  declared: null,
  deadLetterName: isDeadLetterName(topic),
  retryName: isRetryName(topic),
});

interface FailureReading {
  readonly deadLetter: DeadLetterFacts | null;
  /** failed and waiting to be tried again: not a dead letter yet */
  readonly retryHop: boolean;
}

const NO_FAILURE: FailureReading = { deadLetter: null, retryHop: false };

/**
 * Decides whether a record is a dead letter, a record on its way through a retry topic, or neither, and reads its
 * failure. A record on its own original topic was sent there again with its old headers: it is neither.
 *
 * @param hasMarkers whether the record has at least one of FAILURE_MARKERS
 */
export function readFailure(
  headers: HeaderIndex,
  topic: string,
  role: TopicRoleFacts,
  hasMarkers: boolean,
): FailureReading {
  const newest = hasMarkers ? newestFormat(headers, topic) : null;
  const isDeadLetterTopic = role.declared !== null || role.deadLetterName;
  if (newest === null)
    return isDeadLetterTopic ? { deadLetter: withoutHeaders(topic, role), retryHop: false } : NO_FAILURE;
  const { format, facts } = newest;
  if (!isDeadLetterTopic) {
    if (facts.originalTopic === topic) return NO_FAILURE;
    if (role.retryName || format.isRetry?.(headers) === true) return { deadLetter: null, retryHop: true };
  }
  return {
    retryHop: false,
    deadLetter: deadLetterFacts({
      ...facts,
      originalTopic: facts.originalTopic ?? role.declared?.source ?? null,
      consumerGroup: facts.consumerGroup ?? role.declared?.group ?? null,
      rootCauseClass: rootCauseOf(facts),
    }),
  };
}

/**
 * The class of the root cause. Headers name only the exception directly inside the wrapper; the innermost one is in the
 * stack trace, if the stack trace has causes at all.
 */
function rootCauseOf({
  stack = null,
  message = null,
  exceptionClass = null,
  rootCauseClass = null,
}: KnownFacts): string | null {
  const innermost = rootTypeOf(stack, message);
  return innermost === exceptionClass ? (rootCauseClass ?? innermost) : (innermost ?? rootCauseClass);
}

/**
 * The format that wrote its headers last. A record that passed through several frameworks has headers of each, and
 * every framework appends its own.
 */
function newestFormat(
  headers: HeaderIndex,
  topic: string,
): { readonly format: DeadLetterFormat; readonly facts: KnownFacts } | null {
  let newest: { format: DeadLetterFormat; facts: KnownFacts } | null = null;
  let newestIndex = -1;
  for (const format of DEAD_LETTER_FORMATS) {
    if (format.brokerOnly === true && newest !== null) continue;
    const index = headers.latestOf(format.markers);
    if (index <= newestIndex) continue;
    const facts = format.read(headers, topic);
    if (facts === null) continue;
    newest = { format, facts };
    newestIndex = index;
  }
  return newest;
}

/** A dead letter that only its topic identifies. */
const withoutHeaders = (topic: string, { declared }: TopicRoleFacts): DeadLetterFacts =>
  declared === null
    ? deadLetterFacts({ format: "topic-name", originalTopic: sourceByName(topic) })
    : deadLetterFacts({ format: "declared", originalTopic: declared.source, consumerGroup: declared.group });
