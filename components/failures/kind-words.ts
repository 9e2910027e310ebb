/** What the events of a failure are called: dead letters, or events that report an error themselves. */
import type { FailureGroupRow } from "#lib/contracts/failures.ts";

interface KindWords {
  readonly one: string;
  readonly many: string;
  readonly title: string;
  readonly titles: string;
}

export const KIND_WORDS: Readonly<Record<FailureGroupRow["kind"], KindWords>> = {
  dead_letter: { one: "dead letter", many: "dead letters", title: "Dead letter", titles: "Dead letters" },
  error_event: { one: "error event", many: "error events", title: "Error event", titles: "Error events" },
};
