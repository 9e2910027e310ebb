-- What keeps a run from going on, and why an item is not sent: as data. Both were sentences that readers compared.
ALTER TABLE replay_runs ADD COLUMN hold JSONB;

ALTER TABLE replay_items ADD COLUMN reason TEXT;
ALTER TABLE replay_items
  ADD CONSTRAINT replay_items_reason_check CHECK (reason IN (
    'left_out_by_hand', 'left_out_stale', 'left_out_older', 'sent_by_another_run', 'taken_by_another_run',
    'expired_since_preview', 'expired', 'compacted', 'cancelled'
  ));

-- The sentences stored so far, word for word. What is none of them is a broker's own and stays.
UPDATE replay_items i
SET reason = known.reason, detail = NULL
FROM (
  VALUES
    ('Left out by hand', 'left_out_by_hand'),
    ('Its key has had a newer event since', 'left_out_stale'),
    ('Its key has had a newer event since, and a later one of the key is sent', 'left_out_older'),
    ('Sent again by another replay since the preview', 'sent_by_another_run'),
    ('In hand of another replay', 'taken_by_another_run'),
    ('Retention has taken it since the preview', 'expired_since_preview'),
    ('No longer in its topic: retention has taken it', 'expired'),
    ('No longer in its topic: compaction has taken it', 'compacted'),
    ('Cancelled', 'cancelled')
) AS known(detail, reason)
WHERE i.detail = known.detail;
