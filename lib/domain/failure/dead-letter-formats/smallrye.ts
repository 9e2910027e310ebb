import type { HeaderIndex } from "../../message/headers.ts";
import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { parseTime, parseEpochMs } from "../../message/times.ts";
import { labelOf, messageOf, type KnownFacts } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

/**
 * SmallRye (Quarkus) writes its new headers before the ones it copies, so the first value of each is the newest. All
 * values are text.
 */
function read(headers: HeaderIndex): KnownFacts {
  const dead =
    headers.has("dead-letter-reason") ||
    headers.has("dead-letter-topic") ||
    headers.has("dead-letter-exception-class-name");
  const p = dead ? "dead-letter-" : "delayed-retry-";
  const unreadable = headers.has("deserialization-failure-reason");
  return {
    format: "smallrye",
    originalTopic: labelOf(headers.first(`${p}topic`)),
    originalPartition: smallIntegerOf(headers.first(`${p}partition`), "text"),
    originalOffset: integerOf(headers.first(`${p}offset`), "text"),
    originalTimestampMs: timeOf(headers),
    exceptionClass: labelOf(headers.first(`${p}exception-class-name`)),
    rootCauseClass: labelOf(headers.first(`${p}cause-class-name`)),
    message: messageOf(headers.first(`${p}reason`)) ?? messageOf(headers.first("deserialization-failure-reason")),
    attempt: smallIntegerOf(headers.first("delayed-retry-count"), "text"),
    stage: unreadable ? "deserialization" : null,
  };
}

function timeOf(headers: HeaderIndex): number | null {
  const text = headers.text("delayed-retry-original-timestamp", 64);
  return parseEpochMs(text) ?? parseTime(text);
}

export const smallRye: DeadLetterFormat = {
  markers: [
    "dead-letter-reason",
    "dead-letter-topic",
    "dead-letter-exception-class-name",
    "delayed-retry-count",
    "deserialization-failure-reason",
  ],
  failureHeaders: ["dead-letter-*", "delayed-retry-*", "deserialization-failure-*"],
  isRetry: (headers) =>
    headers.has("delayed-retry-count") && !headers.has("dead-letter-reason") && !headers.has("dead-letter-topic"),
  read,
};
