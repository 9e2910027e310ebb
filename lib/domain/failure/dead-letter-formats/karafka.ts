import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

const PREFIXES = ["original_", "source_"] as const;
const FIELDS = ["topic", "partition", "offset", "consumer_group", "key", "attempts"] as const;

/**
 * Karafka (Ruby). All values are text, under `original_` or, in newer versions, `source_`. These names are common
 * words, so both the topic and the offset must be present.
 */
export const karafka: DeadLetterFormat = {
  markers: ["original_offset", "source_offset"],
  failureHeaders: (present) =>
    PREFIXES.filter((prefix) => present.has(`${prefix}topic`) && present.has(`${prefix}offset`)).flatMap((prefix) =>
      FIELDS.map((field) => prefix + field),
    ),
  read(headers) {
    const p = PREFIXES.find((prefix) => headers.has(`${prefix}topic`) && headers.has(`${prefix}offset`));
    if (p === undefined) return null;
    return {
      format: "karafka",
      originalTopic: labelOf(headers.last(`${p}topic`)),
      originalPartition: smallIntegerOf(headers.last(`${p}partition`), "text"),
      originalOffset: integerOf(headers.last(`${p}offset`), "text"),
      consumerGroup: labelOf(headers.last(`${p}consumer_group`)),
      attempt: smallIntegerOf(headers.last(`${p}attempts`), "text"),
    };
  },
};
