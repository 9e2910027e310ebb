import type { HeaderRow } from "../../message/a-record.test-data.ts";
import type { ObserveRules } from "../../observe/rules.ts";
import type { DeadLetterFacts } from "../facts.ts";

/** A record's headers, and the facts of the dead letter that they describe; null: it is none. */
export interface DeadLetterRow {
  readonly why: string;
  readonly topic?: string;
  readonly headers: readonly HeaderRow[];
  readonly rules?: Partial<ObserveRules>;
  readonly expected: Partial<DeadLetterFacts> | null;
  readonly retryHop?: boolean;
}
