import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf, messageOf, splitException, stackOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

const P = "__streams.errors.";

/**
 * Kafka Streams (KIP-1034). All values are text. The first version wrote "class: message" where newer ones write the
 * class. The headers do not name the group.
 */
export const kafkaStreams: DeadLetterFormat = {
  markers: [`${P}exception`, `${P}topic`],
  failureHeaders: [`${P}*`],
  read(headers) {
    const exception = labelOf(headers.last(`${P}exception`));
    const split = exception === null ? null : splitException(exception);
    return {
      format: "kafka-streams",
      originalTopic: labelOf(headers.last(`${P}topic`)),
      originalPartition: smallIntegerOf(headers.last(`${P}partition`), "text"),
      originalOffset: integerOf(headers.last(`${P}offset`), "text"),
      exceptionClass: split?.exceptionClass ?? exception,
      message: messageOf(headers.last(`${P}message`)) ?? split?.message ?? null,
      stack: stackOf(headers.last(`${P}stacktrace`)),
    };
  },
};
