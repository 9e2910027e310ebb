/** The filters of the list of failures: kinds and states, their words, and what they mean for the API. */
import { KIND_WORDS } from "./kind-words.ts";

export const KINDS = ["any", "dead_letter", "error_event", "holding"] as const;
export const KIND_LABEL: Readonly<Record<(typeof KINDS)[number], string>> = {
  any: "All kinds",
  dead_letter: KIND_WORDS.dead_letter.titles,
  error_event: KIND_WORDS.error_event.titles,
  holding: "Blocking events",
};
export const VIEWS = ["open", "new", "snoozed", "resolved", "any"] as const;
export const VIEW_WORDS: Readonly<Record<(typeof VIEWS)[number], string>> = {
  open: "Open",
  new: "New since last deploy",
  snoozed: "Snoozed",
  resolved: "Resolved",
  any: "All",
};
export const EMPTY_VIEW = {
  new: "No new failures since the last deploy",
  snoozed: "No snoozed failures",
  resolved: "No resolved failures",
} as const;
/** The API parameters of each view. */
export const VIEW_QUERY = {
  open: { state: "open" },
  new: { state: "open", newSinceDeploy: "1" },
  snoozed: { state: "snoozed" },
  resolved: { state: "resolved" },
  any: {},
} as const;

const NO_DEAD_LETTERS = {
  title: "No dead letters",
  hint:
    "Events that consumers send to a dead-letter topic appear here, grouped by cause. " +
    "In the demo, switch on “failing payments” to see some.",
};
export const EMPTY_KIND = {
  any: NO_DEAD_LETTERS,
  dead_letter: NO_DEAD_LETTERS,
  error_event: {
    title: "No error events",
    hint: "Set observe.errorEvents in the configuration, by type or topic, to see events that report an error.",
  },
};
