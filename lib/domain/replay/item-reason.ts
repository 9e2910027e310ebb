/** Why an item of a run is not sent, as far as Flowtap decides it. A broker's refusal is kept in the broker's words. */
import { SKIP_REASONS } from "./skip-reasons.ts";

export const ITEM_REASONS = [
  "left_out_by_hand",
  "left_out_stale",
  "left_out_older",
  "target_not_confirmed",
  "sent_by_another_run",
  "taken_by_another_run",
  "expired_since_preview",
  "expired",
  "compacted",
  "another_record",
  "cancelled",
] as const;
export type ItemReason = (typeof ITEM_REASONS)[number];

export const ITEM_REASON_TEXT: Readonly<Record<ItemReason, string>> = {
  left_out_by_hand: "Left out by hand",
  left_out_stale: "Its key has had a newer event since",
  left_out_older: "Its key has had a newer event since, and a later one of the key is sent",
  target_not_confirmed: "Its target is named by the record only: confirm the target first",
  sent_by_another_run: "Sent again by another replay since the preview",
  taken_by_another_run: "In hand of another replay",
  expired_since_preview: "Retention has taken it since the preview",
  expired: SKIP_REASONS.expired,
  compacted: SKIP_REASONS.compacted,
  another_record: SKIP_REASONS.another_record,
  cancelled: "Cancelled",
};
