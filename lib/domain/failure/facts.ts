import { textOf } from "../message/header-text.ts";
import { cutText, decodeText } from "../text/text.ts";

/**
 * Which framework or broker wrote the dead letter's headers. "declared" and "topic-name": there are no such headers,
 * but the topic holds dead letters by configuration or by its name.
 */
export type DeadLetterFormatName =
  | "spring-kafka"
  | "spring-retryable-topic"
  | "spring-cloud-stream"
  | "spring-amqp"
  | "kafka-connect"
  | "kafka-streams"
  | "nservicebus"
  | "masstransit"
  | "rabbitmq"
  | "aws-sqs"
  | "gcp-pubsub"
  | "smallrye"
  | "karafka"
  | "watermill"
  | "rebus"
  | "cap"
  | "flowtap-skip"
  | "declared"
  | "topic-name";

/**
 * What is read from a dead letter about its failure; null if unknown. Names have at most 400 characters, the message
 * 2 KiB, the stack 16 KiB.
 */
export interface DeadLetterFacts {
  readonly format: DeadLetterFormatName;
  /** the topic or queue the event was first published to, not a retry topic */
  readonly originalTopic: string | null;
  readonly originalPartition: number | null;
  readonly originalOffset: bigint | null;
  readonly originalTimestampMs: number | null;
  readonly consumerGroup: string | null;
  readonly exceptionClass: string | null;
  readonly rootCauseClass: string | null;
  readonly message: string | null;
  readonly stack: string | null;
  /** deliveries or retries, as the format counts them */
  readonly attempt: number | null;
  /** the step of processing that failed, as the format names it */
  readonly stage: string | null;
}

export type KnownFacts = Partial<Omit<DeadLetterFacts, "format">> & Pick<DeadLetterFacts, "format">;

export const maxMessageBytes = 2048;
export const maxStackBytes = 16_384;
const maxNameChars = 400;

const NOTHING: Omit<DeadLetterFacts, "format"> = {
  originalTopic: null,
  originalPartition: null,
  originalOffset: null,
  originalTimestampMs: null,
  consumerGroup: null,
  exceptionClass: null,
  rootCauseClass: null,
  message: null,
  stack: null,
  attempt: null,
  stage: null,
};

/** Completes known facts with null for the rest. */
export const deadLetterFacts = (known: KnownFacts): DeadLetterFacts => ({ ...NOTHING, ...known });

/** A header value as a failure's message: at most 2 KiB. */
export const messageOf = (value: Uint8Array | null | undefined): string | null => textOf(value, maxMessageBytes);

/** A header value as the name of a topic, group, class or stage; null if empty. */
export function labelOf(value: Uint8Array | null | undefined): string | null {
  const text = textOf(value, maxNameChars * 4)?.trim();
  return text === undefined || text === "" ? null : cutText(text, maxNameChars);
}

/**
 * A header value as a stack trace of at most 16 KiB. Of a longer one the beginning and the end are kept: the JVM prints
 * the root cause last, .NET and Python print it first.
 */
export function stackOf(value: Uint8Array | null | undefined): string | null {
  if (value === null || value === undefined || value.length <= maxStackBytes) return textOf(value, maxStackBytes);
  const half = maxStackBytes / 2 - 64;
  const tail = decodeText(value.subarray(value.length - half), half);
  const wholeLines = tail.slice(tail.indexOf("\n") + 1);
  return [decodeText(value, half), `… ${value.length - 2 * half} bytes left out …`, wholeLines].join("\n");
}

/** Splits a printed exception, "some.ExceptionClass: message". A text that begins with no class is all message. */
export function splitException(text: string): { exceptionClass: string | null; message: string | null } {
  const lineEnd = text.indexOf("\n");
  const line = (lineEnd < 0 ? text : text.slice(0, lineEnd)).trim();
  const colon = line.indexOf(": ");
  const head = colon < 0 ? line.replace(/:$/, "") : line.slice(0, colon);
  if (!isClassName(head)) return { exceptionClass: null, message: line === "" ? null : cutText(line, maxMessageBytes) };
  const message = colon < 0 ? "" : line.slice(colon + 2).trim();
  return {
    exceptionClass: cutText(head, maxNameChars),
    message: message === "" ? null : cutText(message, maxMessageBytes),
  };
}

/** One word with a dot or with a usual ending of exceptions; Node adds a code in brackets, "Error [ERR_X]". */
function isClassName(text: string): boolean {
  return (
    /^[\p{L}_$][\p{L}\p{N}_$.+`]{0,399}(?: \[\w{1,80}\])?$/u.test(text) &&
    (text.includes(".") || /(?:Error|Exception|Failure|Fault|Warning|Interrupt|Exit)(?: \[\w+\])?$/.test(text))
  );
}
