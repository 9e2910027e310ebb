import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf, messageOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

/** Header of the copy that is kept of a skipped event; its value is the name of the group that skipped it. */
export const SKIP_HEADER = "flowtap-skip";

/**
 * Flowtap's own format. It reuses Spring's headers, so that other tools recognise the dead letter too; headers of
 * earlier hops come first, so the last value counts.
 */
export const flowtapSkip: DeadLetterFormat = {
  markers: [SKIP_HEADER],
  failureHeaders: [`${SKIP_HEADER}*`],
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
