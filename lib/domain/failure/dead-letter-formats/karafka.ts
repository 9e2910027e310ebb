import { integerOf, smallIntegerOf } from "../../message/integers.ts";
import { labelOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

/**
 * Karafka (Ruby): text, under original_ or, newer, source_. The names are common words, so topic and offset
 * must both be there.
 */
export const karafka: DeadLetterFormat = {
  markers: ["original_offset", "source_offset"],
  read(headers) {
    const p = ["original_", "source_"].find((each) => headers.has(`${each}topic`) && headers.has(`${each}offset`));
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
