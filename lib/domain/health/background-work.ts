/** What the taps do beside reading. */
export const BACKGROUND_WORK = ["monitor", "correlation", "housekeeping", "alert_rules", "alert_messages"] as const;
export type BackgroundWork = (typeof BACKGROUND_WORK)[number];

/** What nobody does while it is held up: a sentence without a full stop. */
export const HELD_UP_WORDS: Readonly<Record<BackgroundWork, string>> = {
  monitor: "Consumer groups are not evaluated",
  correlation: "Causes and consumption are not worked out",
  housekeeping: "Old data is not deleted",
  alert_rules: "Alert rules are not evaluated",
  alert_messages: "Alert messages are not sent",
};
