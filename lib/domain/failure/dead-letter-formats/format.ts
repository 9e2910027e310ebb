import type { HeaderIndex } from "../../message/headers.ts";
import type { KnownFacts } from "../facts.ts";

/** Reads the failure headers of one framework. Only asked when one of its lower-case markers is present. */
export interface DeadLetterFormat {
  readonly markers: readonly string[];
  /** the broker's own note of a death, which tells less than any framework's: believed only where it is alone */
  readonly brokerOnly?: boolean;
  /** null: the headers are there but tell of no failure */
  readonly read: (headers: HeaderIndex, topic: string) => KnownFacts | null;
}
