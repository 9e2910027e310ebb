import type { HeaderIndex } from "../../message/headers.ts";
import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf, messageOf, splitException, stackOf, type KnownFacts } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

function read(headers: HeaderIndex, topic: string): KnownFacts {
  const message = messageOf(headers.last("x-exception-message"));
  const stack = stackOf(headers.last("x-exception-stacktrace"));
  if (headers.has("x-original-exchange") || headers.has("x-original-routingkey")) {
    // With the default exchange, which has no name, the routing key is the name of the queue.
    const origin = labelOf(headers.last("x-original-exchange")) ?? labelOf(headers.last("x-original-routingkey"));
    const exceptionClass = stack === null ? null : splitException(stack).exceptionClass;
    return {
      format: "spring-amqp",
      originalTopic: origin,
      exceptionClass,
      message,
      stack,
      attempt: smallIntegerOf(headers.last("retry-count"), "text"),
    };
  }
  const originalTopic = labelOf(headers.last("x-original-topic"));
  const prefix = `error.${originalTopic ?? ""}.`;
  return {
    format: "spring-cloud-stream",
    originalTopic,
    originalPartition: smallIntegerOf(headers.last("x-original-partition"), "binary"),
    originalOffset: integerOf(headers.last("x-original-offset"), "binary"),
    originalTimestampMs: smallIntegerOf(headers.last("x-original-timestamp"), "binary"),
    // No header names the group. The default name of the dead-letter topic does: error.<destination>.<group>.
    consumerGroup: originalTopic !== null && topic.startsWith(prefix) ? topic.slice(prefix.length) || null : null,
    exceptionClass: labelOf(headers.last("x-exception-fqcn")),
    message,
    stack,
  };
}

/** Spring Cloud Stream's Kafka binder, and Spring AMQP's RepublishMessageRecoverer with its Rabbit binder. */
export const springBinder: DeadLetterFormat = {
  markers: [
    "x-original-topic",
    "x-original-exchange",
    "x-original-routingkey",
    "x-exception-fqcn",
    "x-exception-message",
    "x-exception-stacktrace",
  ],
  failureHeaders: ["x-original-*", "x-exception-*"],
  read,
};
