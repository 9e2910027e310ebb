import type { HeaderIndex } from "../message/headers.ts";
import { deadLetterFacts, type DeadLetterFacts, type KnownFacts } from "./facts.ts";
import { awsSqs, gcpPubSub, rabbitMq } from "./dead-letter-formats/brokers.ts";
import { capFault, massTransitFault, nServiceBusFault, rebusFault } from "./dead-letter-formats/dotnet.ts";
import type { DeadLetterFormat } from "./dead-letter-formats/format.ts";
import { flowtapSkip } from "./dead-letter-formats/flowtap-skip.ts";
import { kafkaConnect } from "./dead-letter-formats/kafka-connect.ts";
import { kafkaStreams } from "./dead-letter-formats/kafka-streams.ts";
import { karafka } from "./dead-letter-formats/karafka.ts";
import { smallRye } from "./dead-letter-formats/smallrye.ts";
import { springBinder } from "./dead-letter-formats/spring-binder.ts";
import { springKafka } from "./dead-letter-formats/spring-kafka.ts";
import { watermill } from "./dead-letter-formats/watermill.ts";
import { rootTypeOf } from "./stack.ts";
import { isDeadLetterName, isRetryName, sourceByName } from "./topic-names.ts";

/** Frameworks that can pile up on one record before the brokers, whose notes tell less. */
const DEAD_LETTER_FORMATS: readonly DeadLetterFormat[] = [
  springKafka,
  springBinder,
  kafkaConnect,
  kafkaStreams,
  nServiceBusFault,
  massTransitFault,
  smallRye,
  karafka,
  watermill,
  rebusFault,
  capFault,
  rabbitMq,
  awsSqs,
  gcpPubSub,
  flowtapSkip,
];

/** Lower-case names of headers that may tell of a failure; a record with none of them need not be asked. */
export const FAILURE_MARKERS: readonly string[] = DEAD_LETTER_FORMATS.flatMap((format) => format.markers);

/** What is known of a topic before any record of it is read. */
export interface TopicRoleFacts {
  /** declared to hold dead letters, perhaps with their source and the group that failed */
  readonly declared: { readonly source: string | null; readonly group: string | null } | null;
  readonly deadLetterName: boolean;
  readonly retryName: boolean;
}

/** What a topic's name tells, for a topic that nobody declared. */
export const topicRoleByName = (topic: string): TopicRoleFacts => ({
  declared: null,
  deadLetterName: isDeadLetterName(topic),
  retryName: isRetryName(topic),
});

interface FailureReading {
  readonly deadLetter: DeadLetterFacts | null;
  /** failed and waiting to be tried again: not dead yet */
  readonly retryHop: boolean;
}

const NO_FAILURE: FailureReading = { deadLetter: null, retryHop: false };

/**
 * Tells whether a record is a dead letter, a record on its way through a retry topic, or neither, and what it says of
 * its failure. A record that lies on its own original topic was sent there again with its old headers: it is neither.
 */
export function readFailure(
  headers: HeaderIndex,
  topic: string,
  standing: TopicRoleFacts,
  marked: boolean,
): FailureReading {
  const known = marked ? newestFamily(headers, topic) : null;
  const declaredDead = standing.declared !== null || standing.deadLetterName;
  if (known === null) return declaredDead ? { deadLetter: unexplained(topic, standing), retryHop: false } : NO_FAILURE;
  if (!declaredDead) {
    if (known.originalTopic === topic) return NO_FAILURE;
    if (standing.retryName || onlyDelayed(headers, known)) return { deadLetter: null, retryHop: true };
  }
  return {
    retryHop: false,
    deadLetter: deadLetterFacts({
      ...known,
      originalTopic: known.originalTopic ?? standing.declared?.source ?? null,
      consumerGroup: known.consumerGroup ?? standing.declared?.group ?? null,
      rootCauseClass: rootCauseOf(known),
    }),
  };
}

/**
 * Headers name the exception just inside the wrapper, Spring's among them; the innermost stands in the stack, where
 * that tells of causes at all.
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
 * A record that passed through several frameworks: headers are appended, so the format with the latest
 * header is the newest.
 */
function newestFamily(headers: HeaderIndex, topic: string): KnownFacts | null {
  let best: KnownFacts | null = null;
  let bestAt = -1;
  for (const format of DEAD_LETTER_FORMATS) {
    if (format.brokerOnly === true && best !== null) continue;
    const at = headers.latestOf(format.markers);
    if (at <= bestAt) continue;
    const known = format.read(headers, topic);
    if (known === null) continue;
    best = known;
    bestAt = at;
  }
  return best;
}

/** SmallRye marks the records of its retry topics with headers of their own, whatever the topic is called. */
const onlyDelayed = (headers: HeaderIndex, known: KnownFacts): boolean =>
  known.format === "smallrye" &&
  headers.has("delayed-retry-count") &&
  !headers.has("dead-letter-reason") &&
  !headers.has("dead-letter-topic");

function unexplained(topic: string, { declared }: TopicRoleFacts): DeadLetterFacts {
  if (declared !== null)
    return deadLetterFacts({ format: "declared", originalTopic: declared.source, consumerGroup: declared.group });
  return deadLetterFacts({ format: "topic-name", originalTopic: sourceByName(topic) });
}
