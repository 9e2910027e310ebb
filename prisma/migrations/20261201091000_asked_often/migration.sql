-- What the pages and the replay runner ask every second or two: open dead letters, and events that were sent of late
CREATE INDEX failures_status_fingerprint_idx ON failures (status, fingerprint);

CREATE INDEX replay_items_status_sent_at_idx ON replay_items (status, sent_at);
