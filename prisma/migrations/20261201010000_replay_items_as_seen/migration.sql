-- What was seen where an item lies, so that a record that has come to lie there since is not sent in its place, and when
-- its event was first published. Null: planned before these were kept.
ALTER TABLE "replay_items" ADD COLUMN     "published_at" TIMESTAMPTZ(3),
ADD COLUMN     "seen_at" TIMESTAMPTZ(3),
ADD COLUMN     "seen_bytes" INTEGER;

ALTER TABLE replay_items DROP CONSTRAINT replay_items_reason_check;
ALTER TABLE replay_items
  ADD CONSTRAINT replay_items_reason_check CHECK (reason IN (
    'left_out_by_hand', 'left_out_stale', 'left_out_older', 'target_not_confirmed', 'sent_by_another_run',
    'taken_by_another_run', 'expired_since_preview', 'expired', 'compacted', 'another_record', 'cancelled'
  ));
