import { countWords } from "../../text/words.ts";

const LISTED = 10;

/** The first ten of a list, and how many more there are: `orders[1], orders[2] and 3 more`. */
export function listWords(items: readonly string[], total: number): string {
  const listed = items.slice(0, LISTED).join(", ");
  return total > LISTED ? `${listed} and ${countWords(total - LISTED)} more` : listed;
}

/** The first ten partitions as a fact, where there is more than one. */
export function partitionsFact(partitions: readonly string[]) {
  return partitions.length > 1 ? [{ label: "Partitions", value: partitions.slice(0, LISTED).join(", ") }] : [];
}
