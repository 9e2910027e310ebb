import type { HeaderIndex } from "../../message/headers.ts";
import type { KnownFacts } from "../facts.ts";

/** Lower-case header names; `x-*` stands for every name that begins with `x-`. */
export type HeaderPatterns = readonly string[];

/** Reads the failure headers of one framework or broker. All header names are lower-case. */
export interface DeadLetterFormat {
  /** every record of this format has at least one of these headers; `read` is called only then */
  readonly markers: readonly string[];
  /**
   * written by the broker itself, with less detail than a framework writes: used only where no framework wrote headers
   */
  readonly brokerOnly?: boolean;
  /** null: the headers do not describe a failure */
  readonly read: (headers: HeaderIndex, topic: string) => KnownFacts | null;
  /** whether the record waits for another attempt and is not a dead letter yet, whatever its topic is called */
  readonly isRetry?: (headers: HeaderIndex) => boolean;
  /**
   * the headers that describe the failure, which a replay leaves out; a function where that depends on all the names
   */
  readonly failureHeaders: HeaderPatterns | ((present: ReadonlySet<string>) => HeaderPatterns);
}
