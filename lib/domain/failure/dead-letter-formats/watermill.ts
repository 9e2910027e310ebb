import { labelOf, messageOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

/** Watermill. Go errors have no class: the reason is all that is written. */
export const watermill: DeadLetterFormat = {
  markers: ["reason_poisoned"],
  failureHeaders: ["reason_poisoned", "topic_poisoned", "handler_poisoned", "subscriber_poisoned"],
  read: (headers) => ({
    format: "watermill",
    originalTopic: labelOf(headers.last("topic_poisoned")),
    message: messageOf(headers.last("reason_poisoned")),
    stage: labelOf(headers.last("handler_poisoned")),
  }),
};
