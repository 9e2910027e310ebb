import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf, messageOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

/** On the copy of an event that a group was moved past; its value is the group's name. */
export const SKIP_HEADER = "flowtap-skip";

/**
 * Flowtap's own: written with Spring's headers, so that others recognise it too. Those of an earlier hop
 * stand before them.
 */
export const flowtapSkip: DeadLetterFormat = {
  markers: [SKIP_HEADER],
  read: (headers) => ({
    format: "flowtap-skip",
    originalTopic: labelOf(headers.last("kafka_dlt-original-topic")),
    originalPartition: smallIntegerOf(headers.last("kafka_dlt-original-partition"), "binary"),
    originalOffset: integerOf(headers.last("kafka_dlt-original-offset"), "binary"),
    originalTimestampMs: smallIntegerOf(headers.last("kafka_dlt-original-timestamp"), "binary"),
    consumerGroup: labelOf(headers.last(SKIP_HEADER)),
    message: messageOf(headers.last("kafka_dlt-exception-message")),
  }),
};
