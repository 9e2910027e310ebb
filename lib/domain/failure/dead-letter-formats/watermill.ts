import { labelOf, messageOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

/** Watermill (Go): Go errors have no class; the reason is all there is. */
export const watermill: DeadLetterFormat = {
  markers: ["reason_poisoned"],
  read: (headers) => ({
    format: "watermill",
    originalTopic: labelOf(headers.last("topic_poisoned")),
    message: messageOf(headers.last("reason_poisoned")),
    stage: labelOf(headers.last("handler_poisoned")),
  }),
};
