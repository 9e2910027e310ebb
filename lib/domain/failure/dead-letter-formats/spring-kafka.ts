import type { HeaderIndex } from "../../message/headers.ts";
import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf, messageOf, stackOf, type KnownFacts } from "../facts.ts";
import { isRetryOrDeadLetterName } from "../topic-names.ts";
import type { DeadLetterFormat } from "./format.ts";

const PLAIN = "kafka_dlt-";
const RETRYABLE = "kafka_";

/**
 * The index of the hop that names the original topic. Every hop appends its own origin, so the newest one whose topic
 * is neither a retry nor a dead-letter topic counts (an event that was replayed and failed again has two such hops).
 */
function originHop(topics: readonly (string | null)[]): number {
  for (let i = topics.length - 1; i > 0; i--) {
    const topic = topics[i];
    if (topic !== null && topic !== undefined && !isRetryOrDeadLetterName(topic)) return i;
  }
  return 0;
}

function read(headers: HeaderIndex): KnownFacts | null {
  const plain =
    headers.has(`${PLAIN}original-topic`) ||
    headers.has(`${PLAIN}exception-fqcn`) ||
    headers.has(`${PLAIN}key-exception-fqcn`);
  const p = plain ? PLAIN : RETRYABLE;
  const topics = headers.all(`${p}original-topic`).map(labelOf);
  const hop = originHop(topics);
  const ofHop = (name: string): Uint8Array | null => {
    const values = headers.all(name);
    // If not every hop wrote this header, its values cannot be matched to hops: take the newest.
    return (values.length === topics.length ? values[hop] : values.at(-1)) ?? null;
  };
  const key = headers.has(`${p}key-exception-fqcn`) && !headers.has(`${p}exception-fqcn`) ? "key-" : "";
  return {
    format: plain ? "spring-kafka" : "spring-retryable-topic",
    originalTopic: topics[hop] ?? null,
    originalPartition: smallIntegerOf(ofHop(`${p}original-partition`), "binary"),
    originalOffset: integerOf(ofHop(`${p}original-offset`), "binary"),
    originalTimestampMs: smallIntegerOf(ofHop(`${p}original-timestamp`), "binary"),
    // This header has the same name in both variants.
    consumerGroup: labelOf(ofHop(`${PLAIN}original-consumer-group`)),
    exceptionClass: labelOf(headers.last(`${p}${key}exception-fqcn`)),
    rootCauseClass: labelOf(headers.last(`${p}exception-cause-fqcn`)),
    message: messageOf(headers.last(`${p}${key}exception-message`)),
    stack: stackOf(headers.last(`${p}${key}exception-stacktrace`)),
    attempt: attemptsMade(smallIntegerOf(headers.last("retry_topic-attempts"), "binary")),
    stage: key === "" ? null : "key",
  };
}

/** The header holds the number of the next attempt, also on a dead letter. */
const attemptsMade = (next: number | null): number | null => (next === null ? null : Math.max(1, next - 1));

export const springKafka: DeadLetterFormat = {
  markers: [PLAIN, RETRYABLE].flatMap((p) => [
    `${p}original-topic`,
    `${p}exception-fqcn`,
    `${p}key-exception-fqcn`,
    `${p}exception-message`,
  ]),
  failureHeaders: [
    `${PLAIN}*`,
    "kafka_original-*",
    "kafka_exception-*",
    "kafka_key-exception-*",
    "retry_topic-*",
    "springdeserializerexception*",
  ],
  read,
};
