import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf, messageOf, stackOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

const P = "__connect.errors.";

/**
 * Kafka Connect. All values are text; each hop appends its own. A sink connector's consumer group is connect-<name>.
 */
export const kafkaConnect: DeadLetterFormat = {
  markers: [`${P}topic`, `${P}exception.class.name`, `${P}connector.name`],
  failureHeaders: [`${P}*`],
  read(headers) {
    const connector = labelOf(headers.last(`${P}connector.name`));
    return {
      format: "kafka-connect",
      originalTopic: labelOf(headers.last(`${P}topic`)),
      originalPartition: smallIntegerOf(headers.last(`${P}partition`), "text"),
      originalOffset: integerOf(headers.last(`${P}offset`), "text"),
      consumerGroup: connector === null ? null : `connect-${connector}`,
      exceptionClass: labelOf(headers.last(`${P}exception.class.name`)),
      message: messageOf(headers.last(`${P}exception.message`)),
      stack: stackOf(headers.last(`${P}exception.stacktrace`)),
      stage: labelOf(headers.last(`${P}stage`)),
    };
  },
};
